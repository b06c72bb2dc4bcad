"""What an auditor supplies beside the published returns: plans, responses, explanations, allocations of NHS money.

Each is one declared table; a wrong cell is refused by file, row and column.
"""
