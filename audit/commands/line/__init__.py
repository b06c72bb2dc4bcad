"""The command line as such: which commands there are, how words are parsed and near ones named, how an answer is
printed for people or as JSON, options of many commands, completion.
"""
