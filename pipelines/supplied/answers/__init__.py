"""A folder of answers to requests, read strictly: workbooks and CSV forms, conclusions, the sample and who was asked.

Every problem of a file is named with its cell; a file that cannot be used is left out and spoils no other.
"""
