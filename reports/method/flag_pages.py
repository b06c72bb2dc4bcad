"""One page for each result and each other explanation: the rule, a worked example, what it leaves out, what to ask.

In: a run, and `flag_pages.toml`. Out: `ProsePage` by path. Thresholds are printed as the run used them. An entry with
a key that is not known, or with neither result, bands nor test, is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipelines.declarations.table_words import BAND_WORDS, REVIEW_LIST, UNUSUAL_LIST
from reports.words.explanation_links import entries
from reports.words.frame import flag_windows, frame, window_words
from reports.words.narrative import band_words, count_of
from reports.words.read_run import Run
from reports.words.view_models import Link, ProsePage, ProseSection, Question

SETTING = re.compile(r"\{([a-z_.]+)\}")
WARNING = "A flag is a prompt for enquiry, not evidence of misuse. Protecting social care was a permitted purpose."
LEADS = {
    "result": "What an area is told for a window.",
    "bands": "What an evidence ratio says, in words.",
    "test": "An innocent change that can look like replacement. It annotates a result and never changes it.",
}
BACK = Link("Results explained", "flags/index.html")


def with_settings(text: str, settings: Mapping[str, Any]) -> str:
    """`text` with {names} replaced by the run's settings; where the manifest holds none, that is said."""

    def value(found: re.Match[str]) -> str:
        held = settings.get(found[1])
        if isinstance(held, (int, float)):
            return f"{held:,.10g}"
        return "[threshold not stated in this run]"

    return SETTING.sub(value, text)


def _counts(run: Run, entry: Mapping[str, Any]) -> tuple[str, ...]:
    said: list[str] = []
    for window in flag_windows(run):
        mine = [row for row in run.rows("flag") if row["window"] == window]
        if "result" in entry:
            number = sum(row["list"] == entry["result"] for row in mine)
            alone = " on this list alone" if entry["result"] in (REVIEW_LIST, UNUSUAL_LIST) else ""
            said.append(f"{window_words(window)}: {count_of(number, 'area', 'areas')}{alone}.")
        elif "bands" in entry:
            held = Counter(str(row["band"]) for row in mine if row["band"])
            told = "; ".join(f"{band_words(band).lower()}: {held[band]:,}" for band in BAND_WORDS)
            said.append(f"{window_words(window)}: {told}.")
        else:
            results = Counter(
                str(row["result"])
                for row in run.rows("look_alike")
                if row["window"] == window and row["test"] == entry["test"]
            )
            said.append(
                f"{window_words(window)}: positive in {count_of(results['positive'], 'area', 'areas')}, "
                f"negative in {results['negative']:,}, not tested in {results['not tested']:,}."
            )
    return tuple(said) or ("This run holds no results.",)


def _page(run: Run, entry: Mapping[str, Any]) -> ProsePage:
    settings: Mapping[str, Any] = run.manifest.get("settings") or {}
    lead = LEADS["test" if "test" in entry else "bands" if "bands" in entry else "result"]
    return ProsePage(
        frame=frame(run, title=entry["heading"], here="flags", root="../"),
        heading=entry["heading"],
        back=BACK,
        note=WARNING,
        lead=(lead,),
        sections=(
            ProseSection("rule", "The rule", (with_settings(entry["rule"], settings),)),
            ProseSection(
                "example", "Worked example", (with_settings(entry["example"], settings), "The figures are made up.")
            ),
            ProseSection("exclusions", "What it leaves out", (entry["exclusions"],)),
            ProseSection(
                "ask", "What to ask", questions=tuple(Question(text, document) for text, document in entry["ask"])
            ),
            ProseSection("counts", "In this run", _counts(run, entry)),
        ),
    )


def flag_pages(run: Run) -> dict[str, ProsePage]:
    """The page of each result and explanation, and the list of them, by path."""
    made = {f"flags/{entry['code']}.html": _page(run, entry) for entry in entries()}

    def listed(kind: str) -> tuple[Link, ...]:
        return tuple(Link(entry["heading"], f"flags/{entry['code']}.html") for entry in entries() if kind in entry)

    made["flags/index.html"] = ProsePage(
        frame=frame(run, title="Results explained", here="flags/index", root="../"),
        heading="Results explained",
        lead=("What each result means, by which rule it is given, what it leaves out and what to ask.",),
        note=WARNING,
        sections=(
            ProseSection("results", "Results", links=(*listed("result"), *listed("bands"))),
            ProseSection("explanations", "Explanations to rule out", links=listed("test")),
        ),
    )
    return made
