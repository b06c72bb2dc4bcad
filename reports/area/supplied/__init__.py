"""What an area supplied, or others supplied about it: papers, conclusions, comments, joint plans, explanations.

Printed unedited; nothing is judged.
"""
