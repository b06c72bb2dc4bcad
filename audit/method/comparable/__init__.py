"""What areas like it have: a cross-fitted regression, and the nearest peers.

The ground of the method's other rooms; nothing is judged here.
"""
