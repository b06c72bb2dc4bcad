"""A folder of published files becomes Parquet tables with a ledger: every row kept, set aside or out of scope.

The story of a load is `load.py`; the tables it gives are the contract with the floors above.
"""
