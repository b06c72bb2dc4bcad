"""`summary.txt` of a run: what can be quoted in a mail. The answer first, then what changed since the run before, then
the lists by window in plain words, with how many areas have which chance.

In: what `summary.json` holds, the band of each area and window, what changed and how long the run took. Out: text in
lines of at most a hundred characters, without codes of ours, save those of checks that are overdue for review. Amounts
in pounds are left to the pages: sums of differences over areas would read as a finding, and are none.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.declarations.table_words import BOTH_LISTS, NOT_ASSESSED, RESULTS, UNUSUAL_LIST
from reports.words.frame import window_words
from reports.words.narrative import about, count_of

LONGEST = 100
PROMPT = "A list is a prompt for enquiry, not evidence of misuse; protecting social care was a permitted use."
REPORT = "site/index.html"
CHANCES = ((0.5, "5 in 10 or more"), (0.3, "3 to 5 in 10"), (0.1, "1 to 3 in 10"), (0.0, "under 1 in 10"))
"""Lower ends of the classes of chance that are counted, with their words."""
NONE_ASSESSED = (
    "No area could be assessed: the returns given do not hold councils' own spending (the Revenue Summary, RS) in the "
    "years that a window takes. `ringfence sources` says what each file given was taken for."
)
WINDOW = re.compile(r"\bW\d\b")
ALSO = {BOTH_LISTS: "; also on the unusual-pattern list"}


def chance_words(share: float) -> str:
    """A chance as people say it: "about 1 in 12", "about 4 in 10", never nought nor all."""
    if share < 0.01:
        return "under 1 in 100"
    if share >= 0.95:
        return "over 95 in 100"
    return f"about 1 in {1 / share:.0f}" if share < 0.35 else f"about {10 * share:.0f} in 10"


def enquiry_lines(told: Mapping[str, Any]) -> list[str]:
    """Asked, answered, settled, and by name what is not used; none without a folder of answers."""
    if not told:
        return []
    asked = count_of(told["asked"], "area", "areas")
    said = [f"{asked} asked, {told['answered']} answered, {told['settled']} settled"]
    if names := told["not_used"]:
        said.append(f"{count_of(len(names), 'file', 'files')} not used, or not in every row: {', '.join(names)}")
    if codes := told["used_in_part"]:
        said.append(f"years left out of {count_of(len(codes), 'answer', 'answers')}: {', '.join(codes)}")
    return [f"Enquiry: {'; '.join(said)}."]


def none_assessed(results: Mapping[str, int]) -> str:
    """That no area could be assessed and what it takes, in one sentence; empty where some were."""
    return "" if any(results[name] for name in results if name != NOT_ASSESSED) else NONE_ASSESSED


def _answer(flagged: Sequence[Mapping[str, Any]], areas: int) -> str:
    listed = len({item["area"] for item in flagged})
    if not listed:
        return f"None of {count_of(areas, 'area', 'areas')} is listed to be asked about NHS money for social care."
    of_all = f"{listed:,} of {count_of(areas, 'area', 'areas')} {'is' if listed == 1 else 'are'} listed to be asked"
    return f"{of_all} whether NHS money replaced the council's own."


def _name(item: Mapping[str, Any], bands: Mapping[tuple[str, str], str]) -> str:
    band = bands.get((item["area"], item["window"]), "")
    said = f"{item['name']} ({item['area']}): {band}; chance {chance_words(item['posterior_10'])}"
    return said + ALSO.get(item["list"], "")


def _lists(told: Mapping[str, Any], bands: Mapping[tuple[str, str], str]) -> list[tuple[str, str]]:
    """(indent, paragraph) of each window: its review list in order, then what is on the unusual-pattern list alone."""
    made: list[tuple[str, str]] = []
    worth = {row["window"]: row for row in told["review_lists"]}
    for window in sorted({item["window"] for item in told["flagged"]} | set(worth)):
        made += [("", ""), ("", window_words(window))]
        here = [item for item in told["flagged"] if item["window"] == window]
        review = [item for item in here if item["list"] != UNUSUAL_LIST]
        if window in worth:
            row = worth[window]
            made.append(
                ("", f"On the review list: {row['places']}. If one council in ten replaced its own money, "
                f"{about(row['expected_10'])} of them would be such councils; the chances below are at that share.")
            )  # fmt: skip
        if counts := told.get("chances", {}).get(window):
            said = "; ".join(f"{words}: {counts[words]:,}" for _, words in CHANCES if words in counts)
            made.append(("", f"Areas by chance of replacement, if one council in ten replaced its own money: {said}."))
        made += [("  ", f"{place}. {_name(item, bands)}") for place, item in enumerate(review, start=1)]
        if alone := [item for item in here if item["list"] == UNUSUAL_LIST]:
            made.append(("", f"On the unusual-pattern list alone: {len(alone)}."))
            made += [("  ", f"- {_name(item, bands)}") for item in alone]
    return made


def duration_words(seconds: float) -> str:
    """How long the run took, as people say it."""
    if seconds < 90:
        return count_of(max(round(seconds), 1), "second", "seconds")
    return f"{round(seconds / 60)} minutes"


def summary_text(
    told: Mapping[str, Any],
    bands: Mapping[tuple[str, str], str],
    *,
    areas: int,
    since: Sequence[str] = (),
    seconds: float | None = None,
    late: str = "",
) -> str:
    """The text; `areas` is how many the run knows, `since` what changed since the run before, and `late` says which
    checks are overdue for review.
    """
    took = f" It took {duration_words(seconds)}." if seconds is not None else ""
    results = told["results"]
    counted = ", ".join(f"{results[name]:,} {name}" for name in RESULTS if name in results)
    paragraphs = [
        ("", none_assessed(results) or _answer(told["flagged"], areas)),
        ("", PROMPT),
        ("", ""),
        ("", f"The report: {REPORT}, in the folder of run {told['run']}.{took}"),
        *(("", line) for line in since),
        *(("", line) for line in enquiry_lines(told.get("enquiry", {}))),
        ("", f"Results of all areas in all windows: {counted}."),
        ("", f"Figures: {told['files']:,} files, {told['rows_read']:,} rows read, {told['rows_kept']:,} kept, "
             f"{count_of(told['quarantined'], 'row or value', 'rows or values')} set aside. Checks: {told['checks']}."),
        *([("", late)] if late else []),
        *(("", f"Warning: {WINDOW.sub(lambda found: window_words(found[0]), said)}") for said in told["warnings"]),
        *_lists(told, bands),
    ]  # fmt: skip
    lines: list[str] = []
    for indent, paragraph in paragraphs:
        plain = " ".join(paragraph.split())
        lines += textwrap.wrap(
            plain,
            LONGEST,
            initial_indent=indent,
            subsequent_indent=indent + "   " * bool(indent),
            break_on_hyphens=False,
        ) or [""]
    return "\n".join(lines) + "\n"
