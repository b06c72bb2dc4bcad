"""How well the method works: planted cases and papers, placebos, permutations, held-out outcomes, targets.

The story is `evaluate.py`; a result belongs to one fingerprint of the method.
"""
