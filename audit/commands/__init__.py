"""The command line: every verb, and what it prints.

`cli.py` is the way in; nothing heavy is imported until a verb needs it.
"""
