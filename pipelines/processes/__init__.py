"""Work on several processes: engines, workers that end with their job, the lock of a folder, memory.

Knows nothing of returns; it runs what it is given.
"""
