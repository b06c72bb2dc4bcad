"""From results to what an area is told: grades, sentences, the evidence behind each figure.

A flag is a prompt for enquiry.
"""
