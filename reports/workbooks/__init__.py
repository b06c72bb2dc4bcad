"""Workbooks for people to fill in: the one place where XlsxWriter is used.

Records in, bytes out; what is written in a workbook is chosen in `reports/requests/`.
"""
