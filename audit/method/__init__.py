"""What would the council have spent, and how far is what it spent from that: the method, one quantity a file.

Pure functions over the panel; nothing is written here.
"""
