"""Checks that know accounting: identities, totals, coverage, changes, editions, payment files.

Each is named in a suite by its type; a room for Python, where YAML cannot say it.
"""
