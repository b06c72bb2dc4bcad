"""Answers on the terminal: what the figures say of an area, and how the checks went. Reads only what a run wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.run.manifest import read_manifest, read_whole
from pipelines.declarations.method_version import refuse_other_method
from pipelines.declarations.parquet import read_table
from pipelines.errors import InputError, Place
from reports.area.supplied.enquiry_section import asked_sentence, reading
from reports.words.enquiry_words import comment_sentence, conclusion_sentence
from reports.words.papers_words import paper_sentences
from reports.words.read_run import Run, read_table_rows

ENQUIRY = (
    "conclusion", "asked", "answer_file", "answer_problem", "planned_displacement", "enquiry_summary", "flag",
)  # fmt: skip


def find_area(tables: Path, wanted: str) -> tuple[str, str]:
    """(area code, name) for a code or a name. Raises InputError naming near matches."""
    areas: Any = read_table(tables, "area", ["area_code", "area_name"])
    folded = wanted.casefold()
    exact = areas[(areas["area_code"].str.casefold() == folded) | (areas["area_name"].str.casefold() == folded)]
    near = areas[areas["area_name"].str.casefold().str.contains(folded, regex=False)]
    found = exact if len(exact) else near
    if len(found) != 1:
        names = ", ".join(found["area_name"].head(8))
        raise InputError(
            f"'{wanted}' is {'no area' if found.empty else 'several areas: ' + names}",
            expected="an area code or name",
            do="See the report's table of areas.",
        )
    row = found.iloc[0]
    return str(row["area_code"]), str(row["area_name"])


def _of(tables: Path, name: str, area: str) -> Any:
    frame = read_table(tables, name)
    return frame[frame["area_code"] == area]


def print_area(run: Path, wanted: str) -> None:
    """Print list, band, reason, path, features, look-alike tests and the number of figures behind them.

    Raises InputError when `wanted` is no area, or several.
    """
    refuse_other_method(read_whole(run), Place(str(run)))
    tables = run / "tables"
    area, name = find_area(tables, wanted)
    print(f"{name} ({area}), run {run.name}")
    _print_enquiry(run, area)
    for _, flag in _of(tables, "flag", area).iterrows():
        print(f"\n{flag['window']}: {flag['list']}. {flag['reason']}\n  {flag['headline']}")
        path = _of(tables, "yearly_change", area)
        for _, step in path[(path["window"] == flag["window"]) & (path["spans"] > 0)].iterrows():
            print(
                f"  {step['financial_year']}: own spend {step['actual_percent']:+.1f}%, expected "
                f"{step['expected_percent']:+.1f}% (give or take {step['noise_percent']:.1f}), NHS money "
                f"{step['step_percent']:+.1f}%"
            )
        features = _of(tables, "feature_value", area)
        features = features[features["window"] == flag["window"]].sort_values(
            ["contribution", "feature"], ascending=[False, True]
        )
        for _, item in features.iterrows():
            print(
                f"  {item['label']}: {item['value']:.3g} {item['unit'] or ''} (peers {item['peer_median']:.3g}), "
                f"contribution {item['contribution']:+.3f}"
            )
        tests = _of(tables, "look_alike", area)
        for _, test in tests[tests["window"] == flag["window"]].iterrows():
            print(f"  to rule out - {test['label']}: {test['result']}. {test['detail'] or ''}")
    page = run / "site" / "areas" / f"{area}.html"
    print(f"\n{len(_of(tables, 'evidence', area))} figures, each with its cell: {page}")


def _print_enquiry(run: Path, area: str) -> None:
    """Print conclusions first, then when the area was asked, what came back and what its papers show."""
    held = Run(read_manifest(run), {name: read_table_rows(run / "tables" / f"{name}.parquet") for name in ENQUIRY})
    of = {name: [row for row in held.rows(name) if row.get("area_code") == area] for name in ENQUIRY}
    for row in of["conclusion"]:
        print(f"\n{row['window']}: settled. {conclusion_sentence(row)}")
    said = [asked_sentence(of["asked"], of["answer_file"]), comment_sentence(of["asked"])]
    if any(said):
        print("\n" + " ".join(text for text in said if text))
    flags = {row["window"]: row for row in of["flag"]}
    reads = reading(held, sorted(flags))
    for row in of["planned_displacement"]:
        window = str(row["window"])
        said = paper_sentences(
            row, flags.get(window), own=reads.priors.get(window), materiality_gbp=reads.materiality_gbp
        )
        print(f"\n{window}, papers: " + "\n  ".join(said))
    for row in of["answer_problem"]:
        place = " ".join(text for text in (row["file_name"], row["sheet"], row["cell"]) if text)
        print(f"  {'not used' if row['refused'] else 'remark'} - {place}: {row['what']}. {row['do'] or ''}")


def print_checks(tables: Path) -> None:
    """Print one line per check that did not pass, and the totals."""
    results = read_table(tables, "check_result")
    for _, row in results[results["outcome"] != "passed"].iterrows():
        what = f"{row['table']} {row['code']}: {row['because']} {row['detail'] or ''}"
        print(f"{row['outcome']:<8} {row['severity']:<8} {what}")
    print(", ".join(f"{number} {outcome}" for outcome, number in results["outcome"].value_counts().items()))
