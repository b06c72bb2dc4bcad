"""Opening a published file by its bytes: which files a folder holds, sheets and cells with their addresses, limits.

Knows forms (xls, xlsx, ods, CSV, zip), not returns.
"""
