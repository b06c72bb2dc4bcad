"""Pages of the checks and of the sources: validation, failing rows, passed checks, where each figure was read.

In: a run's check tables.
"""
