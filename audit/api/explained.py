"""What the figures say of an area, and why: the same content for people as lines and for programs as values.

In: the folder of a run, and an area. Out: its windows with list, band, reason, path, features and look-alike tests,
what its papers show and what was concluded, the number of its figures; and lines of text. Refuses nothing: the run was
read whole before, and what it does not hold is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.run.manifest import read_manifest
from reports.area.questions import for_area
from reports.area.supplied.enquiry_section import asked_sentence, reading
from reports.area.supplied.supplied_section import criteria_questions
from reports.requests.request_run import window_years
from reports.words.enquiry_words import comment_sentence, conclusion_sentence
from reports.words.narrative import MISSING
from reports.words.papers_words import paper_sentences
from reports.words.read_run import Row, Run, read_table_rows
from reports.words.view_models import Question

ENQUIRY = (
    "conclusion", "asked", "answer_file", "answer_problem", "planned_displacement", "enquiry_summary", "flag",
)  # fmt: skip
RESULT = (
    "list", "band", "evidence_ratio", "posterior_05", "posterior_10", "posterior_30", "posterior_own",
    "replacement_rate", "replacement_lower", "replacement_upper", "transfer_gbp", "transfer_basis", "gap_gbp",
    "gap_lower_gbp", "gap_upper_gbp", "review_place", "unusual_place", "data_quality", "reason", "headline",
)  # fmt: skip
STEP = ("financial_year", "actual_percent", "expected_percent", "noise_percent", "step_percent")
FEATURE = ("feature", "label", "value", "unit", "peer_median", "contribution")
TEST = ("test", "label", "result", "detail")


def explained(folder: Path, code: str, name: str) -> dict[str, Any]:
    """All that is said of the area `code`, as plain values; missing ones are None."""

    def of(table: str, window: str) -> list[Row]:
        rows = read_table_rows(folder / "tables" / f"{table}.parquet")
        return [row for row in rows if row["area_code"] == code and row["window"] == window]

    def taken(rows: Sequence[Row], columns: Sequence[str]) -> list[dict[str, Any]]:
        return [{column: row[column] for column in columns} for row in rows]

    flags = [row for row in _rows(folder, "flag") if row["area_code"] == code]
    windows = [
        {
            "window": flag["window"],
            **{column: flag.get(column) for column in RESULT},
            "path": taken([row for row in of("yearly_change", flag["window"]) if row["spans"] > 0], STEP),
            "features": taken(
                sorted(
                    of("feature_value", flag["window"]), key=lambda row: (-(row["contribution"] or 0.0), row["feature"])
                ),
                FEATURE,
            ),
            "look_alikes": taken(of("look_alike", flag["window"]), TEST),
        }
        for flag in flags
    ]
    return {
        "area": {"code": code, "name": name},
        "run": folder.name,
        "windows": windows,
        "enquiry": _enquiry(folder, code),
        "figures": sum(row["area_code"] == code for row in _rows(folder, "evidence", ["area_code"])),
        "page": str(folder / "site" / "areas" / f"{code}.html"),
    }


def _rows(folder: Path, table: str, columns: Sequence[str] = ()) -> Sequence[Row]:
    return read_table_rows(folder / "tables" / f"{table}.parquet", columns)


def _enquiry(folder: Path, code: str) -> dict[str, Any]:
    """Conclusions, when the area was asked and what came back, what its papers show, problems of its answer."""
    held = Run(read_manifest(folder), {name: _rows(folder, name) for name in ENQUIRY})
    of = {name: [row for row in held.rows(name) if row.get("area_code") == code] for name in ENQUIRY}
    flags = {row["window"]: row for row in of["flag"]}
    reads = reading(held, sorted(flags))

    def papers(row: Row) -> list[str]:
        window = str(row["window"])
        own = reads.priors.get(window)
        return list(paper_sentences(row, flags.get(window), own=own, materiality_gbp=reads.materiality_gbp))

    return {
        "conclusions": [{"window": row["window"], "said": conclusion_sentence(row)} for row in of["conclusion"]],
        "asked": [
            said for said in (asked_sentence(of["asked"], of["answer_file"]), comment_sentence(of["asked"])) if said
        ],
        "papers": [{"window": row["window"], "said": papers(row)} for row in of["planned_displacement"]],
        "problems": [
            {
                "refused": bool(row["refused"]),
                "place": " ".join(text for text in (row["file_name"], row["sheet"], row["cell"]) if text),
                "what": row["what"],
                "do": row["do"] or "",
            }
            for row in of["answer_problem"]
        ],
    }


def lines_of(told: Mapping[str, Any]) -> list[str]:
    """The same as lines: conclusions and papers first, then list, reason, path, features and tests of each window."""
    area = told["area"]
    lines = [f"{area['name']} ({area['code']}), run {told['run']}", *_enquiry_lines(told["enquiry"])]
    for one in told["windows"]:
        lines += ["", f"{one['window']}: {one['list']}. {one['reason']}", f"  {one['headline']}"]
        lines += [
            f"  {step['financial_year']}: own spend {_as(step['actual_percent'], '+.1f')}%, expected "
            f"{_as(step['expected_percent'], '+.1f')}% (give or take {_as(step['noise_percent'], '.1f')}), NHS money "
            f"{_as(step['step_percent'], '+.1f')}%"
            for step in one["path"]
        ]
        lines += [
            f"  {item['label']}: {_as(item['value'], '.3g')} {item['unit'] or ''} (peers "
            f"{_as(item['peer_median'], '.3g')}), contribution {_as(item['contribution'], '+.3f')}"
            for item in one["features"]
        ]
        lines += [
            f"  to rule out - {test['label']}: {test['result']}. {test['detail'] or ''}" for test in one["look_alikes"]
        ]
    return [*lines, "", f"{told['figures']} figures, each with its cell: {told['page']}"]


def _as(value: float | None, form: str) -> str:
    """A number as printed; [x] where it is missing."""
    return MISSING if value is None else format(value, form)


def _enquiry_lines(told: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for row in told["conclusions"]:
        lines += ["", f"{row['window']}: settled. {row['said']}"]
    if told["asked"]:
        lines += ["", " ".join(told["asked"])]
    for row in told["papers"]:
        first, *others = row["said"]
        lines += ["", f"{row['window']}, papers: {first}", *(f"  {said}" for said in others)]
    for row in told["problems"]:
        lines.append(f"  {'not used' if row['refused'] else 'remark'} - {row['place']}: {row['what']}. {row['do']}")
    return lines


def questions_for(folder: Path, code: str) -> tuple[Question, ...]:
    """What to ask the council, as its page prints it."""
    names = ("flag", "look_alike", "feature_value", "criteria", "expected_spend")
    held = Run(read_manifest(folder), {name: _rows(folder, name) for name in names})
    of = {name: [row for row in held.rows(name) if row.get("area_code") == code] for name in names}
    spend = Run(held.manifest, {"expected_spend": of["expected_spend"]})
    criteria = criteria_questions(held.rows("criteria"), list(window_years(spend).values()))
    _, asked = for_area(of["flag"], of["look_alike"], of["feature_value"], criteria=criteria)
    return asked
