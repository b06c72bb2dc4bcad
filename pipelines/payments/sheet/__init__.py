"""What stands in a file besides the values of its cells, before its rows are read.

In: bytes of a workbook, or lines of a text. Out: what is hidden, merged or without a value; lines put right.
"""
