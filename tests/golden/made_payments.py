"""Made-up traced payments for a made run: both directions, every tier, a PDF, a copy that may have lost its signs.

Called by `made_run.py` for one area and one commissioner. Names are hostile on purpose, as names in files are.
"""

from __future__ import annotations

from typing import Any

from pipelines.payments.flow.flow_sums import sum_rows

MONTHS = ["2015-04", "2015-05", "2015-07", "2015-12", "2016-03"]
TIERS = ("labelled", "proxy_regular", "proxy", "unknown", "contradicts")
CENTRES = {
    "labelled": "BETTER CARE FUND", "proxy_regular": "REABLEMENT", "proxy": "COMMUNITY <SERVICES> & CARERS",
    "unknown": "NON RECURRENT RESERVE", "contradicts": "CHC ADULT FULLY FUNDED",
}  # fmt: skip


def _payment(area: str, way: str, tier: str, month: str, number: int) -> dict[str, Any]:
    to_council = way == "nhs_to_council"
    nhs, council = ("nhs_commissioner", "000", "NHS Example 0"), ("council", "E0000", 'Example "Council" & Sons')
    payer, payee = (nhs, council) if to_council else (council, nhs)
    lost = number % 17 == 0
    return {
        "record_id": f"{number:012d}:0:{number}", "direction": way, "payer_kind": payer[0], "payer_code": payer[1],
        "payer_name": payer[2], "payee_kind": payee[0], "payee_code": payee[1], "payee_name": payee[2],
        "payee_printed": payee[2].upper(), "area_code": area, "financial_year": "2015-16", "period": month,
        "date": f"{month}-28" if number % 3 else "", "expense_area": CENTRES[tier], "expense_type": "Services",
        "purpose": "", "department": "", "transaction_number": str(number),
        "signs": "may be lost" if lost else "as printed",
        "amount_gbp": 50000.0 * number * (-1 if number % 11 == 0 else 1), "tier": tier,
        "evidence": f"cost centre {CENTRES[tier].title()}", "repeats": 3, "repeat_months": 3 if number % 5 == 0 else 1,
        "reserve": tier == "unknown", "year_end": month.endswith("-03"), "round_sum": True,
        "source_file": f"ccg/example/{month}.{'pdf' if number % 2 else 'csv'}", "sheet": "(file)", "source_row": number,
        "match_score": 1.0,
    }  # fmt: skip


def payment_tables(area: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of the tables of payments for an area whose council and commissioner pay each other."""
    flow = [
        _payment(area, way, tier, month, 1 + at + 5 * place + 25 * back)
        for back, way in enumerate(("nhs_to_council", "council_to_nhs"))
        for place, tier in enumerate(TIERS)
        for at, month in enumerate(MONTHS)
    ]
    files = sorted({str(row["source_file"]) for row in flow})
    sources = [
        {"source_file": name, "sheet": "(file)", "file_sha256": "cd" * 32, "publisher": "NHS Example 0",
         "publisher_kind": "nhs_commissioner", "publisher_code": "000", "publication": "Payments over £25,000",
         "licence": "Open Government Licence v3.0", "attribution": "Contains public sector information.",
         "copy_state": "as published", "form": name[-3:], "amount_column": "" if name.endswith("pdf") else "H",
         "rows_read": 100, "rows_kept": 99, "rows_traced": sum(row["source_file"] == name for row in flow)}
        for name in files
    ]  # fmt: skip
    exposure = {
        "payer_name": "NHS Example 0", "payer_code": "000", "financial_year": "2015-16", "months": 5,
        "flow_low_gbp": 1e6, "flow_high_gbp": 4e6, "allocation_gbp_thousand": 1e5, "two_per_cent_gbp": 2e6,
        "low_share": 0.5, "high_share": 2.0, "basis": "payments in the files loaded",
    }  # fmt: skip
    income = {"record_id": "bcf/1", "financial_year": "2015-16", "authority_code": "E0000", "area_code": area,
              "release": "", "file_sha256": "cd" * 32, "bcf_income_gbp_thousand": 5000.0}  # fmt: skip
    return {"payment_flow": flow, "payment_flow_sum": sum_rows(flow), "payment_source": sources,
            "payment_exposure": [exposure], "bcf_income": [income]}  # fmt: skip
