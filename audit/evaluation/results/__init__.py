"""A whole evaluation: every job done once and recorded, its tables, and its targets beside what was reached.

Above the cases and above planted papers and samples; nothing in either imports from here.
"""
