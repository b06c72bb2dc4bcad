"""Innocent changes that look like replacement in the figures, one test a file: what it measures, its limit, its words.

They annotate and never veto: no test enters an evidence ratio, a posterior, a place or a band.
"""
