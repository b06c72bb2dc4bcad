"""The embedded figures: compact extracts of published returns, written from a load and read back into one.

An extract is already standardised, so it takes the short way in and gives the same tables.
"""
