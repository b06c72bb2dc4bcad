"""Payments between NHS bodies and councils, from published files to one ledger and the flows between them.

Rooms from the ground: words, file, ledger, flow, load.
"""
