"""England as a whole: pounds of own spending lost per pound of NHS money, by several designs, beside published truths.

No area's result rests on these; the transfers worked out are checked here against what councils booked.
"""
