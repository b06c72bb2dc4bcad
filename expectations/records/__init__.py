"""What a check finds, as records, and the frames and settings that every check starts from.

Nothing is judged here.
"""
