"""The question itself: panel, expected spend, displacement, forest, flags, the run and the command line."""
