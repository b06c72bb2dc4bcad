"""Made changes between two runs, one of every kind, with a hostile name: what the page of changes is tested with."""

from __future__ import annotations

from reports.site.changes import Change, Changes, Figure, RunTold, Side

RESULT = ("review list", "leans towards replacement")
OFF = Side("on no list", "says nothing either way", 0.9, 4e6, 5e6, 120e6)
ON = Side(*RESULT, 2.1, 6.2e6, 5e6, 117.8e6)
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
        amounts=(Change("E09000003", "W1", "Example <i>Area</i> 3", ON, Side(*RESULT, 2.2, 6.3e6, 5e6, 117.8e6), WHY),),
        figures=(
            Figure(
                "E09000003",
                "W1",
                "Example <i>Area</i> 3",
                "Fees <b>paid</b>",
                "2012-13",
                "ro3",
                10.0,
                12.5,
                "£ thousand",
                "input ro3_2012-13.csv differs",
            ),
            Figure("E09000004", "W2", "Example Area 4", "Own spend", "2016-17", "rs", 7.0, None, "£ thousand"),
        ),
        unmoved=3,
    )
