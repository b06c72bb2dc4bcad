"""What a run says of itself: who published it, of which commit its program is, what it came to in words, and what moved
since the run before it, and why.
"""
