"""What is declared once: tables, sources and limits in TOML, and the Parquet schemas that follow from them.

Nothing here opens a published file; everything that does asks here what it should find.
"""
