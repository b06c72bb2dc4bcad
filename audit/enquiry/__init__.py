"""From a list to an answer: whom to ask for papers, with known probabilities, and what conclusions say of England.

Reads what a run wrote, never the method in memory.
"""
