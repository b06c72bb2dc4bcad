"""The unusual-pattern list: four features, put in terms of peers and pretend care, and the isolation forest over them.

The story is `unusual.py`; a feature is declared in `audit/features/`.
"""
