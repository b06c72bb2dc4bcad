"""Payment files of commissioners and councils, of any layout, into one ledger. Start at `load_payments.py`."""
