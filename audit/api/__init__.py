"""What Python programs and notebooks ask of runs: a run opened, an area found by any of its names and codes, a figure
followed to its cell, a run made. `ringfence.py` is the way in; the command line asks here too.
"""
