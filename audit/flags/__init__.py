"""From results to what an area is told: its list and band, sentences, the evidence behind each figure.

Being on a list is the flag: a prompt for enquiry.
"""
