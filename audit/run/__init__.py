"""One run, stage by stage, from inputs to a published folder with its manifest; verified and resumed by the same.

The story is `run.py`.
"""
