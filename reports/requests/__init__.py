"""The request pack of an area: what published returns say of it, what is asked, the letter, and where to look.

A run's tables in; folders with a workbook, CSV forms and a letter out. Words are chosen here, templates print them.
"""
