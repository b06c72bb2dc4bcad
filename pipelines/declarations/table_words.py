"""Words that stand in the cells of tables and that more than one floor reads: the windows that are judged, the grades.

Nothing is read here. What a word means is in GLOSSARY.md; how pages say it is in `reports/words/frame.py`.
"""

from __future__ import annotations

SECTION_256, BETTER_CARE_FUND = "W1", "W2"

GRADE_A, GRADE_B, GRADE_C = "A investigate", "B enquire", "C watch"
CANNOT_TELL, NOTHING_FOUND, NOT_ASSESSED = "cannot tell", "nothing found", "not assessed"
RANKED = (GRADE_A, GRADE_B)
FLAGGED = (*RANKED, GRADE_C)
GRADES = (*FLAGGED, CANNOT_TELL, NOTHING_FOUND, NOT_ASSESSED)
