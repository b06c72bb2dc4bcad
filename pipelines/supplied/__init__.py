"""What an auditor supplies beside the published returns: plans, responses, explanations, allocations, answers.

Tables are refused by file, row and column; of a folder of answers every problem is named, and what is sound is read.
"""
