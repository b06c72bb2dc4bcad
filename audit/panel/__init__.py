"""From checked tables to one row an area and year: areas, money, breaks in series, the windows that are judged.

Out: the panel, per adult and in real terms.
"""
