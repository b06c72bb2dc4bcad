"""Returns with displacement planted in them, to measure the method by; frozen before anything was tuned.

`frozen.py` holds their hashes.
"""
