"""The job over a folder of payment files, its command, and the embedded payments.

The story is `load_payments.py`.
"""
