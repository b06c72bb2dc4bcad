"""A new year of a return we know: the column of its map proposed from the years held, and written when told.

Nothing is taken for anything: what is only alike is shown beside what it was, for somebody to look at.
"""
