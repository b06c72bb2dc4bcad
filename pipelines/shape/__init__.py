"""From sheets to standard rows: which return a file is, where its lines stand, and its rows in one of three shapes.

Python is written here only for a new shape, never for a new year or a new body.
"""
