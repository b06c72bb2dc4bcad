"""Rows set aside with the check and the reason, revisions among releases, and the grade of each area's data.

In: check results. Out: tables without the rows set aside, and what was set aside.
"""
