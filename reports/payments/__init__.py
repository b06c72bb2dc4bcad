"""Pages and sections about payments: commissioners, what was paid to whom, and the council's return beside it.

In: a run's flow tables.
"""
