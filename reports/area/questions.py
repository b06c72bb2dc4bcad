"""What to ask, chosen from `questions.toml` by positive look-alike tests, and the features
that put it on the unusual-pattern list.

In: an area's flags, look-alike rows and feature rows. Out: five or six questions, each naming a document. An entry
with a key that is not known is refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from pipelines.declarations.table_words import BAND_WORDS, FLAGGED, SETTLED
from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT
from reports.words.frame import window_words
from reports.words.read_run import Row
from reports.words.view_models import Question

FILE = ROOT / "reports" / "questions.toml"
MOST = 6
REMARK = re.compile(r" \([^()]*\)")
"""A remark on a document; method page and flags.csv give it."""
KINDS = ("always", "look_alike", "feature")


@cache
def entries(path: Path = FILE) -> tuple[tuple[str, str, Question], ...]:
    """(kind, code, question) in the file's order. Raises DefinitionError for an unknown key or condition."""
    made: list[tuple[str, str, Question]] = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["questions"]:
        kind, _, code = str(entry.get("when", "")).partition(":")
        if set(entry) != {"when", "text", "document"} or kind not in KINDS:
            raise DefinitionError(
                f"question '{entry.get('text', '')}' is not complete",
                place=Place(path.name),
                expected="when, text and document, with when one of " + ", ".join(KINDS),
                do="Mend the entry.",
            )
        made.append((kind, code, Question(text=entry["text"], document=entry["document"])))
    return tuple(made)


def choose(*, look_alikes: Iterable[str], features: Iterable[str]) -> tuple[Question, ...]:
    """The first six questions that apply, without repeats."""
    codes = {"look_alike": set(look_alikes), "feature": set(features)}
    chosen: dict[str, Question] = {}
    for kind, code, question in entries():
        if kind == "always" or any(found.startswith(code) for found in codes[kind]):
            chosen.setdefault(question.text, question)
    return tuple(chosen.values())[:MOST]


def for_area(
    flags: Sequence[Row], look_alikes: Sequence[Row], features: Sequence[Row], *, criteria: Sequence[Question] = ()
) -> tuple[str, tuple[Question, ...]]:
    """The lead sentence and the questions. What would settle the result comes first, then two criteria in force."""
    lists, bands = [str(flag["list"]) for flag in flags], [str(flag["band"]) for flag in flags]
    unusual = {flag["window"] for flag in flags if flag["unusual_place"]}
    chosen = choose(
        look_alikes=[str(row["test"]) for row in look_alikes if row["result"] == "positive"],
        features=[
            str(row["feature"]) for row in features if row["window"] in unusual and (row["contribution"] or 0.0) > 0.0
        ],
    )
    settle = {str(flag["settle_with"]): str(flag["window"]) for flag in reversed(flags) if flag["settle_with"]}
    first = [
        Question(
            text=f"What would spending have been without the NHS money? ({window_words(window)})",
            document=REMARK.sub("", document),
        )
        for document, window in reversed(settle.items())
    ]
    asked = tuple((first + list(criteria)[:2] + list(chosen))[:MOST])
    if set(FLAGGED) & set(lists):
        lead = "A flag prompts these questions. Each names the document that would answer it."
    elif SETTLED in lists:
        lead = "An auditor has concluded. Whoever wishes to look further can ask these questions."
    elif BAND_WORDS[3] in bands:
        lead = "These figures say nothing either way. Each question names a document that would say more."
    else:
        lead = "This result prompts no enquiry. Whoever wishes to look further can ask these questions."
    return lead, asked
