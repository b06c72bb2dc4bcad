"""How well papers and samples settle: planted papers read as a run would read them, and samples drawn from planted
truths.
"""
