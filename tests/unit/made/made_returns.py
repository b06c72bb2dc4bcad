"""Made core tables for tests of the audit room: forty areas, one authority each, 2008-09 to 2019-20, seeded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from audit.settings import CONTROLS
from pipelines.declarations.parquet import write_table

YEARS = tuple(f"{year}-{(year + 1) % 100:02d}" for year in range(2008, 2020))
GROUPS = ("older_people", "physical_disability", "learning_disability", "mental_health", "other_adult", "strategy")
SHARES = (0.55, 0.1, 0.2, 0.08, 0.04, 0.03)
AREAS = 40


def codes() -> list[str]:
    """E-codes of the made authorities."""
    return [f"E{1000 + number}" for number in range(AREAS)]


def area_code(number: int) -> str:
    """Area code of the made authority with this number."""
    return f"E06{number:06d}"


def write_made_returns(folder: Path, *, replaced: int | None = None, seed: int = 7) -> Path:
    """Write all core tables; in the area numbered `replaced` own spend falls by 15% as receipts rise, in W1."""
    random = np.random.default_rng(seed)
    size = random.uniform(0.5, 3.0, AREAS)
    common = ["rs", "ro3"]
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in common}
    walk = np.cumsum(random.normal(0, 0.03, (AREAS, len(YEARS))), axis=1)
    others = {name: np.cumsum(random.normal(-0.02, 0.05, (AREAS, len(YEARS))), axis=1) for name in CONTROLS}
    for number, code in enumerate(codes()):
        for step, year in enumerate(YEARS):
            key = {
                "financial_year": year,
                "authority_code": code,
                "area_code": area_code(number),
                "release": "final",
                "file_sha256": "ab" * 32,
            }
            receipts = 22_000.0 if "2011-12" <= year <= "2013-14" else 10_000.0
            care = 200_000.0 * size[number] * float(np.exp(walk[number, step]))
            if number == replaced and year >= "2011-12":
                care *= 0.85
            rs: dict[str, object] = {**key, "record_id": f"rs/{year}/{code}"}
            rs["adult_social_care_nce_gbp_thousand"] = care if year >= "2011-12" else None
            rs["public_health_nce_gbp_thousand"] = 10_000.0 * size[number] if year >= "2013-14" else None
            for name in CONTROLS:
                rs[f"{name}_nce_gbp_thousand"] = 10_000.0 * size[number] * float(np.exp(others[name][number, step]))
            rs |= {
                "council_tax_requirement_gbp_thousand": 90_000.0 * size[number],
                "revenue_support_grant_gbp_thousand": -50_000.0,
                "business_rates_gbp_thousand": -40_000.0 * size[number],
                "earmarked_reserves_closing_gbp_thousand": 20_000.0 * size[number] + 100.0 * step,
                "unallocated_reserves_closing_gbp_thousand": 9_000.0,
            }
            rows["rs"].append(rs)
            if year <= "2013-14":
                for group, share in zip(GROUPS, SHARES, strict=True):
                    own, income = care * share, receipts * size[number] * share
                    rows["ro3"].append(
                        {
                            **key,
                            "record_id": f"ro3/{year}/{code}/{group}",
                            "client_group": group,
                            "total_expenditure_gbp_thousand": own + income,
                            "sales_fees_charges_gbp_thousand": 0.0,
                            "other_income_gbp_thousand": income,
                            "net_current_expenditure_gbp_thousand": own,
                        }
                    )
    for name in common:
        write_table(name, pd.DataFrame(rows[name]), folder)
    _references(folder, size)
    return folder


def _references(folder: Path, size: np.ndarray) -> None:
    numbers = range(AREAS)
    areas = [area_code(number) for number in numbers]
    kinds = [("county", "london", "metropolitan", "unitary")[number % 4] for number in numbers]
    write_table(
        "area",
        pd.DataFrame(
            {
                "area_code": areas,
                "area_name": [f"Example Area {number}" for number in numbers],
                "class": kinds,
                "region": [("London", "North East")[number % 2] for number in numbers],
                "joined": False,
                "authority_codes": codes(),
            }
        ),
        folder,
    )
    write_table(
        "area_authority",
        pd.DataFrame(
            {
                "authority_code": codes(),
                "ons_code": areas,
                "area_code": areas,
                "social_care": True,
                "first_year": "2008-09",
                "last_year": "",
            }
        ),
        folder,
    )
    people = [
        {
            "record_id": f"p/{year}/{code}",
            "financial_year": year,
            "authority_code": code,
            "area_code": area_code(number),
            "population_18_plus": 200_000.0 * size[number] * growth,
            "population_65_plus": 40_000.0 * size[number] * growth,
            "population_85_plus": 5_000.0 * size[number] * growth,
        }
        for year, growth in (("2013-14", 1.0), ("2018-19", 1.05))
        for number, code in enumerate(codes())
    ]
    write_table("population_by_age", pd.DataFrame(people), folder)
    write_table(
        "deprivation",
        pd.DataFrame(
            [
                {
                    "record_id": f"d/{code}",
                    "financial_year": "2015-16",
                    "authority_code": code,
                    "area_code": area_code(number),
                    "imd_average_score": 15.0 + number % 20,
                }
                for number, code in enumerate(codes())
            ]
        ),
        folder,
    )
    write_table(
        "deflator",
        pd.DataFrame(
            {
                "record_id": YEARS,
                "financial_year": YEARS,
                "gdp_deflator": [80.0 * 1.015**step for step in range(len(YEARS))],
            }
        ),
        folder,
    )
    power = [
        {
            "record_id": f"s/{year}/{code}",
            "financial_year": year,
            "authority_code": code,
            "area_code": area_code(number),
            "spending_power_gbp_million": 130.0 * size[number] + extra * size[number],
            "sfa_gbp_million": 60.0 * size[number],
            "ct_total_gbp_million": 70.0 * size[number],
        }
        for year, extra in (("2015-16", 30.0), ("2017-18", 8.0), ("2018-19", 10.0), ("2019-20", 13.0))
        for number, code in enumerate(codes())
    ]
    frame = pd.DataFrame(power)
    write_table("spending_power", frame.drop(columns=["sfa_gbp_million", "ct_total_gbp_million"]), folder)
    write_table("spending_power_components", frame.drop(columns=["spending_power_gbp_million"]), folder)
    write_table(
        "ledger",
        pd.DataFrame(
            {
                "table": ["rs"],
                "record_id": [f"rs/2013-14/{codes()[0]}"],
                "column": ["adult_social_care_nce_gbp_thousand"],
                "value": [1.0],
                "status": [""],
                "file_sha256": ["ab" * 32],
                "sheet": ["Sheet 1"],
                "row": [8],
                "cell": ["I8"],
            }
        ),
        folder,
    )
    write_table(
        "source_file",
        pd.DataFrame(
            {
                "file_sha256": ["ab" * 32],
                "file_name": ["made.xls"],
                "source": ["rs"],
                "publisher": ["Made Department"],
                "title": ["Made return"],
                "release": ["final"],
            }
        ),
        folder,
    )
