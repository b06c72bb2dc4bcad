"""Made tables of the enquiry: areas asked, an answer that is used, one that is not, one that came back blank, two
conclusions and a sample.

In: the made areas. Out: rows by table. No figure here is real.
"""

from __future__ import annotations

from typing import Any

SHA = "00112233445566778899aabbccddeeff" * 2
USED, REFUSED, SETTLED, BLANK = 1, 3, 8, 6
"""Places of the areas with an answer that is used, one that is not, a conclusion, and a form that came back blank."""
YEARS = {"W1": ("2011-12", "2012-13"), "W2": ("2015-16",)}
OUTCOMES = {"W1": "not replaced", "W2": "cannot be determined"}
LETTERS = "CDEFGH"


def settled(index: int) -> bool:
    return index == SETTLED


def _file(area: dict[str, Any]) -> str:
    return f"{area['area_code']}/request.xlsx"


def _figures(area: dict[str, Any]) -> list[dict[str, Any]]:
    about = {"area_code": area["area_code"], "file_name": _file(area), "file_sha256": SHA, "sheet": "Plan", "number": 0}
    items = (
        ("own_returned", "Own spend in the return", 50_700.0), ("nhs_money", "NHS money reckoned", 4_000.0),
        ("own_without", "Own spend planned without the transfer", 52_000.0),
        ("own_with", "Own spend planned with the transfer", 51_000.5),
        ("transfer_agreed", "Transfer agreed", 4_100.0),
        ("own_outturn", "Own spend in your accounts (outturn)", 50_700.0),
    )  # fmt: skip
    rows = [
        {**about, "window": window, "financial_year": year, "item": f"{item}_gbp_thousand", "label": label,
         "value_gbp_thousand": value + 100.0 * at, "cell": f"{LETTERS[at]}{row}",
         "document": "Budget report <2011>" if item.startswith("own_with") else None,
         "page": "12" if item.startswith("own_with") else None,
         "paper_date": f"{year[:4]}-02-28" if item.startswith("own_with") else None}
        for window, years in YEARS.items()
        for at, year in enumerate(years)
        for row, (item, label, value) in enumerate(items, start=8)
    ]  # fmt: skip
    line = {**about, "sheet": "Lines met before", "window": "W1", "financial_year": "2011-12", "number": 1}
    line |= {"item": "amount_gbp_thousand", "label": "Home care <b>contracts</b>", "value_gbp_thousand": 600.0,
             "document": "Budget report <2011>", "page": "14", "paper_date": None, "cell": "C6"}  # fmt: skip
    return [*rows, line]


def _texts(area: dict[str, Any]) -> list[dict[str, Any]]:
    about = {"area_code": area["area_code"], "file_name": _file(area), "file_sha256": SHA}
    told = (
        ("document", 1, "title", "Budget report", "Budget report <2011>", "Documents", "C5"),
        ("document", 1, "paper_date", "Budget report", "2011-02-28", "Documents", "D5"),
        ("document", 1, "held", "Budget report", "yes", "Documents", "F5"),
        ("reply", 1, "reply", "Who agreed the use of the money?", "The board & we <i>agree</i>", "Questions", "D5"),
        ("reply", 1, "document", "Who agreed the use of the money?", "1", "Questions", "E5"),
        ("note", 2011, "note", "Note", "=1+1 is what it costs", "Plan", "C22"),
    )
    return [
        {**about, "part": part, "number": number, "field": field, "label": label, "text": text, "sheet": sheet,
         "cell": cell}
        for part, number, field, label, text, sheet, cell in told
    ]  # fmt: skip


def _checks(area: dict[str, Any]) -> list[dict[str, Any]]:
    about = {"area_code": area["area_code"], "window": "W1", "financial_year": "2011-12", "sheet": "Plan"}
    return [
        {**about, "check": "return", "item": "own_outturn", "quoted_gbp": 5.07e7, "held_gbp": 5.0712e7,
         "difference_share": -0.0002, "outcome": "agrees", "said": "It agrees with the return.", "cell": "C13",
         "held_cell": "RO3 2011-12, sheet RO3 LA Data: I80"},
        {**about, "check": "receipts", "item": "transfer_agreed", "quoted_gbp": 4.1e6, "held_gbp": 5.0e6,
         "difference_share": -0.18, "outcome": "differs", "said": "It is 18% below income booked.", "cell": "C12",
         "held_cell": "RO3 2011-12, sheet RO3 LA Data: L80"},
        {**about, "financial_year": "", "check": "coverage", "item": "plans", "quoted_gbp": None, "held_gbp": None,
         "difference_share": None, "outcome": "not told", "cell": "", "sheet": "", "held_cell": "",
         "said": "No plan without and with the transfer is told for 2013-14."},
    ]  # fmt: skip


def _planned(area: dict[str, Any]) -> list[dict[str, Any]]:
    w1 = {
        "area_code": area["area_code"], "window": "W1", "years": "2011-12 2012-13", "years_missing": "2013-14",
        "years_afterwards": "2012-13", "transfer_basis": "agreed", "transfer_gbp": 8.3e6, "without_gbp": 1.041e8,
        "with_gbp": 1.02101e8, "planned_rate": 0.24, "error": 0.31, "error_independent": 0.22, "lower": -0.38,
        "upper": 0.86, "smallest_rate": 0.62, "smallest_gbp": 5.1e6, "evidence_ratio": 0.31,
        "evidence_ratio_independent": 0.2, "band": "points against replacement", "posterior_05": 0.016,
        "posterior_10": 0.033, "posterior_30": 0.117, "posterior_own": 0.041, "posterior_10_independent": 0.022,
        "floor_gbp": 6e5, "floor_rate": 0.146, "outturn_years": "2011-12 2012-13", "outturn_rate": 0.31,
        "outturn_error": 0.97, "outturn_lower": -1.64, "outturn_upper": 2.26,
    }  # fmt: skip
    blank = dict.fromkeys(name for name in w1 if name not in ("area_code", "window", "years", "band", "transfer_basis"))
    texts = {"area_code": area["area_code"], "window": "W2", "years": "", "outturn_years": "", "years_afterwards": ""}
    w2 = blank | texts | {"years_missing": "2015-16 2016-17 2017-18 2018-19 2019-20", "floor_gbp": 2e5}
    return [w1, w2]


def _files(areas: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = ((USED, True, 14, 0, 1), (REFUSED, False, 9, 2, 0), (BLANK, False, 0, 0, 0))
    rows = [
        {"file_name": _file(areas[at]), "file_sha256": SHA, "kind": "answer workbook",
         "area_code": areas[at]["area_code"], "used": used, "entries": entries, "problems": problems,
         "remarks": remarks}
        for at, used, entries, problems, remarks in told
    ]  # fmt: skip
    table = {"file_name": "conclusions.csv", "file_sha256": SHA, "kind": "conclusions", "area_code": "", "used": True,
             "entries": 3, "problems": 1, "remarks": 0}  # fmt: skip
    return [*rows, table]


def _problems(areas: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def said(at: int, number: int, *, refused: bool, cell: str, what: str) -> dict[str, Any]:
        return {"file_name": _file(areas[at]), "number": number, "area_code": areas[at]["area_code"],
                "refused": refused, "sheet": "Plan", "cell": cell, "what": what, "expected": "an amount in £ thousand",
                "do": "Leave it empty where it is not known."}  # fmt: skip

    return [
        said(USED, 1, refused=False, cell="C15", what="a note in the cell is not read"),
        said(REFUSED, 1, refused=True, cell="C10", what="'about <500>' is no number"),
        said(REFUSED, 2, refused=True, cell="D10", what="'n/a' is no number"),
        {"file_name": "conclusions.csv", "number": 1, "area_code": "", "refused": True, "sheet": "", "cell": "row 4",
         "what": "'E99999999' is no area of this run", "expected": "an area's code", "do": "Mend the code."},
    ]  # fmt: skip


def _summary(areas: list[dict[str, Any]], window: str, outcome: str) -> dict[str, Any]:
    known = {"prior_set": 0.1, "prior_updated": 0.1, "prior_weight": 10.0, "sampled": 3, "sampled_settled": 0}
    if outcome == OUTCOMES["W1"]:
        known |= {"prior_updated": 1.0 / 11.0, "sampled_settled": 1, "share": 0.0, "share_lower": 0.0,
                  "share_upper": 0.56, "share_least": 0.0, "share_most": 0.7, "money_share": 0.0, "money_lower": 0.0,
                  "money_upper": 0.6, "money_least": 0.0, "money_most": 0.64}  # fmt: skip
    return {
        **known, "window": window, "areas": len(areas), "asked": 5, "answered": 1, "not_used": 1, "settled": 1,
        "replaced": 0, "partly": 0, "not_replaced": int(outcome == "not replaced"),
        "undetermined": int(outcome == "cannot be determined"),
    }  # fmt: skip


def enquiry_tables(areas: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows by table; none where too few areas are made for all of it."""
    if len(areas) <= SETTLED:
        return {}
    about = [{"area_code": area["area_code"], "area_name": area["area_name"], "run": "made"} for area in areas]
    papers = [{**about[at], "kind": "papers", "date": "2026-05-01" if at != 2 else ""} for at in (1, 2, 3, 6, 8)]
    return {
        "asked": [*papers, {**about[0], "kind": "comment", "date": "2026-05-02"},
                  {**about[5], "kind": "comment", "date": "2026-05-02"}],
        "answer_file": _files(areas),
        "answer_problem": _problems(areas),
        "answer_figure": _figures(areas[USED]),
        "answer_text": _texts(areas[USED]),
        "answer_check": _checks(areas[USED]),
        "planned_displacement": _planned(areas[USED]),
        "conclusion": [
            {"area_code": areas[SETTLED]["area_code"], "window": window, "outcome": outcome,
             "replaced_gbp": 1.2e6 if window == "W1" else None, "document": "Audit <report>", "page": "4",
             "date": "2026-05-20", "office": "Example audit office"}
            for window, outcome in OUTCOMES.items()
        ],
        "sample": [
            {**one, "stratum": "neither way or not assessed", "nhs_money_gbp": 8.1e6, "probability": 0.25,
             "drawn": at in (2, 6, 8), "seed": 20111}
            for at, one in enumerate(about)
        ],
        "enquiry_summary": [_summary(areas, window, outcome) for window, outcome in OUTCOMES.items()],
    }  # fmt: skip
