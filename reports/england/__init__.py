"""Pages about all areas: the front page, the lists, the national section.

In: a run's tables.
"""
