"""The whole site of a run: what is drawn, written, handed over and printed.

The story is `render.py`.
"""
