"""Made changes between two runs, one of every kind, with a hostile name: what the page of changes is tested with."""

from __future__ import annotations

from reports.site.changes_page import Change, Changes, RunTold, Side

OFF = Side("on no list", "says nothing either way", 0.9, 4e6, 5e6, 120e6)
ON = Side("review list", "leans towards replacement", 2.1, 6.2e6, 5e6, 117.8e6)
WHY = "2 of its figures changed (ro3 2012-13); beside it: a setting"


def made_changes() -> Changes:
    return Changes(
        RunTold("a" * 16, "0.1.0", "c" * 40),
        RunTold("b" * 16, "0.1.0", "not held"),
        ("an input differs: ro3_2012-13.csv", "a setting differs: lists.review 15 -> 20"),
        (
            Change("E09000000", "W1", "Example <b>Area</b>", OFF, ON, WHY),
            Change("E09000001", "W2", "Example Area 1", ON, OFF, WHY),
            Change("E09000002", "W2", "Example Area 2", Side(), OFF, WHY),
        ),
        unmoved=3,
    )
