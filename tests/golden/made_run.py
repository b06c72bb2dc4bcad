"""Write a made run folder: plainly named areas that cover every result and band, missing values, a long name and
hostile names.

In: a folder and how many areas to make. Out: `manifest.json` and the tables that the pages read. No figure here is
real.
"""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.declarations.parquet import write_table
from pipelines.declarations.table_words import (
    BOTH_LISTS,
    NO_LIST,
    NOT_ASSESSED,
    REVIEW_LIST,
    SETTLED,
    UNUSUAL_LIST,
    band,
)

NAMES = {
    3: "Example Area with a Name of Exactly Sixty Characters in it 4",
    4: "King's Example & Sons",
    5: "Example <script>alert(1)</script>",
}
MADE_ENQUIRY = runpy.run_path(str(Path(__file__).with_name("made_enquiry.py")))
TOLD = (BOTH_LISTS, REVIEW_LIST, UNUSUAL_LIST, NO_LIST, NOT_ASSESSED)
WINDOWS = {
    "W1": (("2009-10", "2010-11"), ("2011-12", "2012-13", "2013-14")),
    "W2": (("2013-14", "2014-15"), ("2015-16", "2016-17", "2017-18", "2018-19", "2019-20")),
}
FEATURES = (
    ("path_statistic", "Own spend fell when the NHS money came", "natural log of the evidence ratio"),
    ("reserves_built", "Reserves grew per pound of NHS money", "pounds of reserves per pound of NHS money"),
    ("council_tax_forgone", "Council tax rose less than elsewhere", "percent fall in the council tax requirement"),
    ("care_share", "Care's share of comparable spending fell", "percentage points of spending"),
)
OWN_PRIOR = {"W1": 1.0 / 11.0, "W2": 0.1}
TESTS = (
    ("learning_disability_transfer", "The 2011 learning-disability transfer"),
    ("pooled_budget_booking", "Gross or net booking of a pooled budget"),
    ("one_off_base_year", "A one-off cost in the base years"),
    ("children_recode", "Spending moved to services for children"),
)
VARIANTS = ("tails of three degrees of freedom", "NHS money shared by need")
SHA = "0123456789abcdef" * 4
SHA_2 = "fedcba9876543210" * 4
RECENT = ("2020-21", "2021-22")
YEARS = [f"{year}-{(year + 1) % 100:02d}" for year in range(2009, 2020)]


def name_of(index: int) -> str:
    return NAMES.get(index, f"Example Area {index + 1}")


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name) for row in rows] for name in names}


def _area(index: int) -> dict[str, Any]:
    return {
        "area_code": f"E0900{index:04d}",
        "area_name": name_of(index),
        "class": ("unitary", "metropolitan", "london", "county")[index % 4],
        "region": "Example Region",
        "joined": index == 1,
        "authority_codes": f"E{1000 + index};E{3000 + index}" if index == 1 else f"E{1000 + index}",
        "hex_q": index % 12,
        "hex_r": index // 12,
        "note": "Two authorities are joined." if index == 1 else "",
    }


def figures_say(index: int, window: str) -> str:
    """What the area would be told without a conclusion."""
    return TOLD[(index + (window == "W2")) % len(TOLD)]


def result_of(index: int, window: str) -> str:
    return SETTLED if MADE_ENQUIRY["settled"](index) else figures_say(index, window)


def ratio_of(index: int, window: str) -> float:
    """Evidence ratios that fall with the area's number, above 1 on the review list alone."""
    start = {BOTH_LISTS: 12.0, REVIEW_LIST: 4.0, UNUSUAL_LIST: 0.9, NO_LIST: 0.55}[figures_say(index, window)]
    return start / (1.0 + index / 12.0)


def _places(window: str, areas: int, wanted: tuple[str, ...]) -> dict[int, int]:
    listed = [index for index in range(areas) if result_of(index, window) in wanted]
    in_order = sorted(listed, key=lambda index: -ratio_of(index, window))
    return {index: place for place, index in enumerate(in_order, start=1)}


def _posterior(ratio: float, prior: float) -> float:
    odds = ratio * prior / (1.0 - prior)
    return odds / (1.0 + odds)


def _flag(area: dict[str, Any], window: str, index: int, areas: int) -> dict[str, Any]:
    result, years = result_of(index, window), WINDOWS[window][1]
    known = {
        "area_code": area["area_code"],
        "area_name": area["area_name"],
        "class": area["class"],
        "region": area["region"],
        "window": window,
        "list": result,
        "years": f"{years[0]} to {years[-1]}",
        "maintenance_of_effort": "own spend down, NHS money received up",
        "data_quality": ("good", "fair", "poor")[index % 3],
        "look_alikes": "",
        "settle_with": "the section 75 agreement",
        "method_version": METHOD_VERSION,
    }
    if figures_say(index, window) == NOT_ASSESSED:
        return {**known, "reason": "The returns of 2011-12 are missing"}
    ratio, gap = ratio_of(index, window), 4.2e6 - 7.3e5 * index
    rate = 1.3 - 0.1 * index
    return {
        **known,
        "reason": f"The path of its own spending {band(ratio)}",
        "headline": f"In {years[-1]} {area['area_name']} spent £3.1 million less of its own money on adult social care "
        "than expected, while NHS receipts rose by £2.4 million",
        "band": band(ratio),
        "evidence_ratio": ratio,
        **{f"posterior_{prior:02d}": _posterior(ratio, prior / 100.0) for prior in (5, 10, 30)},
        "posterior_own": _posterior(ratio, OWN_PRIOR[window]),
        "replacement_rate": rate,
        "replacement_lower": rate - 1.4,
        "replacement_upper": rate + 1.4,
        "replaced_gbp": rate * 8.1e6,
        "replaced_lower_gbp": (rate - 1.4) * 8.1e6,
        "replaced_upper_gbp": (rate + 1.4) * 8.1e6,
        "review_place": _places(window, areas, (BOTH_LISTS, REVIEW_LIST)).get(index),
        "unusual_place": _places(window, areas, (BOTH_LISTS, UNUSUAL_LIST)).get(index),
        "kept_share": 0.5 if ratio > 1.0 else None,
        "onset": "a year late",
        "changes": len(years) + 1,
        "transfer_gbp": 8.1e6,
        "transfer_basis": "estimated",
        "transfer_error_share": 0.02,
        "booked_gbp": 7.4e6,
        "gap_gbp": gap,
        "gap_lower_gbp": gap - 2.5e6,
        "gap_upper_gbp": gap + 2.5e6,
        "marks": "No figure for 2012-13: the change over it is judged as one." if index == 7 else None,
    }


def _changes(area: dict[str, Any], window: str, index: int) -> list[dict[str, Any]]:
    base, years = WINDOWS[window]
    rows: list[dict[str, Any]] = []
    for place, year in enumerate((*base[1:], *years)):
        bridged = (index, year) == (7, "2012-13")
        rows.append(
            {
                "area_code": area["area_code"],
                "window": window,
                "financial_year": year,
                "spans": 0 if bridged else 2 if (index, year) == (7, "2013-14") else 1,
                "actual_percent": None if bridged else -4.0 + place,
                "expected_percent": None if bridged else -1.5 + 0.2 * place,
                "unexplained_percent": None if bridged else -2.5 + 0.8 * place,
                "noise_percent": 6.1,
                "step_percent": None if bridged else (0.0, 6.4, -0.3, 2.2, 0.1, 0.0)[place],
            }
        )
    return rows


def _expected(area: dict[str, Any], window: str, index: int) -> list[dict[str, Any]]:
    base, years = WINDOWS[window]
    rows: list[dict[str, Any]] = []
    for place, year in enumerate((*base, *years)):
        level = 5.2e7 + 3e6 * (index % 5) + 1.3e4 * index
        actual = level - 6e5 * place if (index, year) != (7, "2012-13") else None
        expected = level + 2e5 * place
        wide = 8e5 + 7e5 * max(0, place - 1)
        rows.append(
            {
                "area_code": area["area_code"],
                "window": window,
                "financial_year": year,
                "is_base": year in base,
                "actual_gbp": actual,
                "expected_gbp": expected,
                "lower_gbp": expected - wide,
                "upper_gbp": expected + wide,
                "gap_gbp": None if actual is None else expected - actual,
                "nhs_receipts_gbp": 1.2e6 + 9e5 * place,
                "nhs_basis": "received",
                "reckoned_gbp": 0.0 if year in base else 8.1e6 / len(years),
                "reckoned_basis": "estimated",
            }
        )
    return rows


def _evidence(area: dict[str, Any], window: str, index: int) -> list[dict[str, Any]]:
    base, years = WINDOWS[window]
    return [
        {
            "area_code": area["area_code"],
            "window": window,
            "evidence_id": f"{window}-{place:03d}",
            "figure": what,
            "financial_year": year,
            "value": None if (index + place) % 17 == 0 else 51234.0 + 31.5 * place,
            "unit": "£ thousand",
            "table": "ro3",
            "record_id": f"ro3/{year}/E{1000 + index}@01234567",
            "column": "net_current_expenditure_gbp_thousand",
            "source": "ro3",
            "publisher": "Department for Communities and Local Government",
            "title": f"Revenue outturn RO3 {year}",
            "release": "final",
            "file_sha256": SHA if window == "W1" else SHA_2,
            "file_name": f"=ro3 {year}.xls",
            "sheet": "RO3 LA Data",
            "cell": f"I{80 + place}",
            "status": "x" if (index + place) % 17 == 0 else "e" if place == 3 else "",
        }
        for place, (what, year) in enumerate(
            (
                (what, year)
                for what in ("Older people, net current expenditure", "Older people, other income")
                for year in (*base, *years)
            ),
            start=1,
        )
    ]


def _write(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    for table, rows in tables.items():
        write_table(table, _columns(rows), folder / "tables")


def _assessed(areas: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    places = [(area, window, index) for index, area in enumerate(areas) for window in WINDOWS]
    flags = [_flag(area, window, index, len(areas)) for area, window, index in places]
    full = [(area, window, index) for area, window, index in places if figures_say(index, window) != NOT_ASSESSED]
    return {
        "flag": flags,
        "expected_spend": [row for area, window, index in full for row in _expected(area, window, index)],
        "yearly_change": [row for area, window, index in full for row in _changes(area, window, index)],
        "list_variant": [
            {
                "window": window,
                "variant": variant,
                "area_code": area["area_code"],
                "evidence_ratio": ratio_of(index, window),
                "place": 1 if ratio_of(index, window) > 1.0 and number == 0 else None,
            }
            for area, window, index in full
            for number, variant in enumerate(VARIANTS)
        ],
        "list_summary": [row for window in WINDOWS for row in _summaries(window, flags)],
        "feature_value": [
            {
                "area_code": area["area_code"],
                "window": window,
                "feature": code,
                "label": label,
                "unit": unit,
                "value": 0.12 - 0.01 * place,
                "peer_median": 0.03,
                "contribution": None if place == 3 else 0.05 - 0.009 * place + index / 1e4,
                "rank_if_in_line": 20.0 + place,
            }
            for area, window, index in full
            for place, (code, label, unit) in enumerate(FEATURES)
        ],
        "peer": [
            {
                "area_code": area["area_code"],
                "window": window,
                "place": place,
                "peer_code": areas[(index + place) % len(areas)]["area_code"],
                "adults": 2e5,
                "deprivation_score": 21.7,
                "own_per_adult_gbp": 371.0 + place,
            }
            for area, window, index in full
            for place in range(min(4, len(areas)))
        ],
        "area_score": [
            {
                "area_code": area["area_code"],
                "window": window,
                "score": 0.6 - index / 400,
                "rank": index + 1,
                "of": len(areas),
            }
            for area, window, index in full
        ],
        "look_alike": [
            {
                "area_code": area["area_code"],
                "window": window,
                "test": code,
                "label": label,
                "result": ("positive", "negative", "not tested")[(index + place) % 3],
                "detail": "Spending rose by 4.1% against 0.9% among peers",
            }
            for area, window, index in places
            for place, (code, label) in enumerate(TESTS)
        ],
        "evidence": [row for area, window, index in full for row in _evidence(area, window, index)],
    }


def _summaries(window: str, flags: list[dict[str, Any]]) -> list[dict[str, Any]]:
    mine = [flag for flag in flags if flag["window"] == window and "evidence_ratio" in flag]
    review = [flag for flag in mine if flag["review_place"]]
    unusual = sum(1 for flag in mine if flag["unusual_place"])
    common = {"window": window, "assessed": len(mine)}
    return [
        {
            **common,
            "list": REVIEW_LIST,
            "places": len(review),
            **{
                f"expected_{prior}": sum(flag[f"posterior_{prior}"] for flag in review)
                for prior in ("05", "10", "30", "own")
            },
            "by_lot_10": 0.1 * len(review),
        },
        {**common, "list": UNUSUAL_LIST, "places": unusual, "by_lot_10": 0.1 * unusual},
    ]


def _loaded(areas: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {
        "area": areas,
        "area_year": [
            {
                "area_code": area["area_code"],
                "financial_year": year,
                "own_funded_gbp": (390 + 7 * index % 190 - 3 * place) * 2e5,
                "own_funded_real_gbp": (380 + 7 * index % 190 - 4 * place) * 2e5,
                "earmarked_reserves_gbp": 2.31e7 + 1e5 * place,
                "unallocated_reserves_gbp": 1.4e7,
                "population_18_plus": 2e5,
                "breaks": "learning_disability_2011" if year == "2011-12" else "",
                "status": "",
            }
            for index, area in enumerate(areas)
            for place, year in enumerate((*YEARS, *RECENT))
        ],
        "commissioner_area_weight": [
            {
                "vintage": "2015-07",
                "commissioner_code": f"0{index:02d}",
                "commissioner_name": f"NHS Example {index}",
                "area_code": area["area_code"],
                "weight": 0.8,
                "population": 210000.0,
                "basis": "lookup",
            }
            for index, area in enumerate(areas)
        ],
        "source_file": [
            {
                "file_sha256": sha,
                "input_sha256": sha,
                "file_name": name,
                "source": "ro3",
                "financial_year": year,
                "publisher": "Example Department",
                "title": f"Revenue outturn RO3 {year}",
                "licence": "OGL-UK-3.0",
                "release": "final",
                "rows_read": 444,
                "rows_kept": 152,
                "rows_quarantined": 1,
                "rows_out_of_scope": 288,
                "rows_not_data": 3,
                "values_kept": 9000,
                "values_missing": 12,
            }
            for sha, name, year in ((SHA, "=ro3 2012-13.xls", "2012-13"), (SHA_2, "rs.xls", "2015-16"))
        ],
        "check_result": [
            {
                "table": "ro3",
                "code": f"RO3-{place:03d}",
                "type": "expect_column_values_to_be_between",
                "severity": ("critical", "warning", "info")[place % 3],
                "outcome": ("passed", "passed", "failed", "not run")[place % 4],
                "because": "Spending is rarely below nought",
                "rows_seen": 1216,
                "rows_failed": 2 * (place % 4 == 2),
                "rows_quarantined": 0,
                "detail": "two rows below nought",
            }
            for place in range(12)
        ],
        "check_mark": [
            {
                "table": "ro3",
                "record_id": "ro3/2012-13/E1000@01234567",
                "check_code": "RO3-002",
                "column": "net_current_expenditure_gbp_thousand",
                "value": "51234.0",
                "reason": "net_current_expenditure_gbp_thousand changed by -40% on the year before",
                "severity": "warning",
                "area_code": "E09000000",
                "financial_year": "2012-13",
            }
        ],
        "series_break": [
            {
                "code": "learning_disability_2011",
                "financial_year": "2011-12",
                "what": "Learning-disability money moved from NHS income to council grant",
            }
        ],
        "quarantine": [
            {
                "table": "ro3",
                "record_id": "ro3-2012-13-E1001",
                "check_code": "RO3-002",
                "column": "net_current_expenditure_gbp_thousand",
                "value": "=1+1",
                "reason": "Not a number",
                "file_name": "ro3.xls",
                "file_sha256": SHA,
                "sheet": "RO3",
                "row": 87,
                "column_letter": "I",
            }
        ],
    }


def _supplied(area: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What a body said, planned and explained, and a criterion in force."""
    code = area["area_code"]
    met = dict.fromkeys(("protects_social_care", "seven_day_services", "data_sharing"), "met")
    return {
        "responses": [
            {"area_code": code, "date": "2026-05-01", "body": "Example Council", "document": "",
             "comment": "We <b>disagree</b> & say why"}
        ],
        "known_explanations": [
            {"area_code": code, "first_year": "2012-13", "last_year": "2012-13", "document": "Example report",
             "explanation": "A home was closed"}
        ],
        "plans": [
            {"area_code": code, "financial_year": "2015-16", "signed_by": "Example Board", "signed_on": "2015-01-09",
             **met, "joint_assessment": "not stated", "stated_use": "protect existing", "document": "Example plan"}
        ],
        "criteria": [
            {"code": "example", "first_year": "2012-13", "last_year": "2012-13", "criterion": "The use must be agreed",
             "ask": "Who agreed the use?", "document": "The minutes", "source": "Example letter, 2012"}
        ],
    }  # fmt: skip


def write_made_run(folder: Path, *, areas: int = 12, run_id: str = "made-0123abcd") -> Path:
    """Write the run folder and return it; the same arguments give the same rows."""
    made = [_area(index) for index in range(areas)]
    beside = {
        name: runpy.run_path(str(Path(__file__).with_name(f"{file}.py")))[name]
        for file, name in (("made_payments", "payment_tables"), ("made_evaluation", "evaluation_tables"))
    }
    paid = beside["payment_tables"](made[0]["area_code"])
    _write(folder, _loaded(made) | _assessed(made) | _supplied(made[0]) | paid | beside["evaluation_tables"]()
           | MADE_ENQUIRY["enquiry_tables"](made))  # fmt: skip
    manifest = {
        "run_id": run_id,
        "version": "0.0.0",
        "method_version": METHOD_VERSION,
        "settings": {"evidence.average": 0.3, "lists.review": 15, "lists.unusual": 10},
        "settings_changed": {},
        "inputs": [{"file_name": "rs.xls", "sha256": SHA_2, "source": "rs", "financial_year": "2015-16"}],
        "libraries": {"Jinja2": "0"},
        "counts": {"areas": areas},
        "command": "ringfence run --out runs",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
