"""Words and frames that every page shares: sentences, signs, tables, links, downloads, and the run they are read from.

Nothing here draws a whole page.
"""
