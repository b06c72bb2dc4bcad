"""All suites over a folder of tables, in a process of their own, with their history and files of results.

The story is `check_all.py`.
"""
