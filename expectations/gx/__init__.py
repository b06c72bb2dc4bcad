"""Great Expectations behind one adapter: suites run, large tables reduced first, projects exported.

The only room that imports great_expectations, and only its adapter does.
"""
