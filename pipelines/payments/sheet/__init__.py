"""A file before its rows are understood: encoding, lines, blocks of cells, what a workbook hides, what else it may be.

In: bytes of a file. Out: cells as they are to be read, and what is hidden, merged, without a value or never closed.
"""
