"""Pages about the method: how it works, how well, and what each result and test means.

In: a run's tables and the published evaluation.
"""
