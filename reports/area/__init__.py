"""The page of one area, one file a section, and its figures as CSV.

The order of sections is `reports/sections/order.toml`.
"""
