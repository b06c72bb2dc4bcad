"""Suites in YAML, read strictly: every entry, its type, its arguments and its line, or an error that names the place.

Out: checks ready to run, whichever engine runs them.
"""
