"""What every page carries, and the words for windows and results.

In: a run. Out: `Frame` records and shared words. Nothing is read from files here.
"""

from __future__ import annotations

import re

from pipelines.declarations.table_words import (
    BAND_WORDS,
    BETTER_CARE_FUND,
    BOTH_LISTS,
    NO_LIST,
    NOT_ASSESSED,
    REVIEW_LIST,
    SECTION_256,
    SETTLED,
    UNUSUAL_LIST,
)
from reports.words.narrative import plain_code
from reports.words.published_by import published_by
from reports.words.read_run import PLACEBO, Run
from reports.words.view_models import Frame

WINDOWS = {
    SECTION_256: "Section 256 transfers, 2011-12 to 2013-14",
    BETTER_CARE_FUND: "Better Care Fund, 2015-16 to 2019-20",
    "W3": "Recent years, from 2022-23",
}
RESULT_STYLES = {
    BOTH_LISTS: "on-both",
    REVIEW_LIST: "on-review",
    UNUSUAL_LIST: "on-unusual",
    SETTLED: "settled",
    NO_LIST: "on-none",
    NOT_ASSESSED: "absent",
}
BAND_STYLES = {**{band: f"band-{place}" for place, band in enumerate(BAND_WORDS, start=1)}, NOT_ASSESSED: "absent"}
AVERAGE = "evidence.average"
AVERAGE_COUNCIL = 0.3
"""Pounds that the average council is taken to have replaced per pound, where a run states nothing else."""
NATIONAL = "transfer.section_256"
FUND = "transfer.bcf_to_councils"
YEAR = re.compile(r"\b(\d{4})_(\d\d)_?")
CLASSES = {
    "unitary": "unitary authority",
    "metropolitan": "metropolitan district",
    "london": "London borough",
    "county": "county council",
}


def spoken_name(name: str) -> str:
    """An area's name as a sentence says it: "Bristol, City of" is Bristol."""
    return name.removesuffix(", City of").removesuffix(", County of")


def frame(run: Run, *, title: str, here: str, root: str = "") -> Frame:
    """The frame of one page; `root` leads back to the site's first page, `here` marks the navigation."""
    manifest = run.manifest
    return Frame(
        title=title,
        root=root,
        run_id=run.run_id,
        version=str(manifest.get("version", "not stated")),
        method_version=str(manifest.get("method_version", "not stated")),
        here=here,
        settings_changed="; ".join(
            f"{name} {value}" for name, value in sorted((manifest.get("settings_changed") or {}).items())
        ),
        published=published_by(manifest),
    )


def window_words(window: str) -> str:
    """A window's name as a heading."""
    return WINDOWS.get(window, plain_code(window))


def short_window(window: str) -> str:
    """A window's name without its years."""
    return window_words(window).partition(",")[0]


def window_name(window: str) -> str:
    """A window in words: "placebo_2009_10" reads "2009-10, adult social care", "placebo_W1_housing" "W1, housing"."""
    if not window.startswith(PLACEBO):
        return window_words(window)
    when, _, service = YEAR.sub(r"\1-\2_", window.removeprefix(f"{PLACEBO}_")).partition("_")
    return f"{when}, {plain_code(service) or 'adult social care'}"


def flag_windows(run: Run) -> list[str]:
    """The windows that were judged, in order."""
    return sorted({str(row["window"]) for row in run.rows("flag")})


def average_of(run: Run) -> float:
    """Pounds that the average council is taken to have replaced per pound of NHS money, as the run states it."""
    return float((run.manifest.get("settings") or {}).get(AVERAGE, AVERAGE_COUNCIL))


def source_anchor(sha256: str | None) -> str:
    """The id of a file's row on the sources page."""
    return f"file-{(sha256 or '')[:12]}"


def slug(text: str) -> str:
    """A name as a file name: small letters and digits, joined by dashes."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in text.lower())
    return "-".join(kept.split()) or "not-held"
