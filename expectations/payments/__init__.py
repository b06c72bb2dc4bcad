"""What checks do to the payment ledger: rows that fail, set aside in place, left out of the flows.

Column by column, so that memory does not grow with the ledger.
"""
