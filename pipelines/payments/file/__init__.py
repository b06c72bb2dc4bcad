"""One payment file becomes rows: encoding, header, dates, amounts, payees, and the reason for each row left out.

In: one file of any published layout. Out: columns in the ledger's own form, counted.
"""
