"""All payment files become one ledger: staged per file, copies found, partitions put in their place.

Memory does not grow with the set.
"""
