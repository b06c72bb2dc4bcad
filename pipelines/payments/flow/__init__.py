"""What passed between the NHS and councils: payments traced by payee, both sides, sums, exposure to misreading.

In: the ledger. Out: flow tables; nothing here reads a published file.
"""
