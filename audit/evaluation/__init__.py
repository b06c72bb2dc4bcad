"""How well the method works: planted cases, placebos, permutations, held-out outcomes, targets.

The story is `evaluate.py`; a result belongs to one fingerprint of the method.
"""
