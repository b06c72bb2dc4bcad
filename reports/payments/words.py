"""Words of payments: tiers, directions, months and places, as they are printed on the pages of areas and commissioners.

In: rows of `payment_flow` and `payment_source`. Out: text.
"""

from __future__ import annotations

from collections.abc import Mapping

from reports.words.read_run import Row

TIERS = {
    "labelled": "Labelled",
    "proxy_regular": "Proxy and regular",
    "proxy": "Proxy",
    "unknown": "Cannot be told",
    "contradicts": "Another purpose said",
}
COUNTED = {"labelled": "low", "proxy_regular": "low", "proxy": "high", "unknown": "high", "contradicts": "not counted"}
DIRECTIONS = {"nhs_to_council": "NHS to council", "council_to_nhs": "Council to NHS"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOT_TOLD = "not said"


def month_words(period: str | None) -> str:
    """`2020-04` as `Apr 2020`; words where the month is not known."""
    if not period:
        return "month not known"
    return f"{MONTHS[int(period[5:7]) - 1]} {period[:4]}"


def day_words(row: Row) -> str:
    """The day of a payment, or its month where the day is not known."""
    date = str(row["date"] or "")
    if len(date) < 10:
        return month_words(date or str(row["period"] or ""))
    return f"{int(date[8:10])} {month_words(date[:7])}"


def tier_words(row: Row) -> str:
    """The tier of a payment, and that it is not added up where its sign may be lost."""
    words = TIERS.get(str(row["tier"]), str(row["tier"]))
    return f"{words}; not added up, its sign may be lost" if row["signs"] == "may be lost" else words


def place_words(row: Row, sources: Mapping[tuple[str, str], Row]) -> str:
    """Where a payment stands in its file: sheet and cell; a printed line for a PDF, a row where no column is known."""
    source = sources.get((str(row["source_file"]), str(row["sheet"])))
    if source is not None and source["form"] == "pdf":
        return f"printed line {row['source_row']}"
    letter = str(source["amount_column"] or "") if source is not None else ""
    cell = f"cell {letter}{row['source_row']}" if letter else f"row {row['source_row']}"
    sheet = str(row["sheet"] or "")
    return cell if sheet.startswith("(") or not sheet else f"sheet {sheet}, {cell}"


def file_words(path: str) -> str:
    """A file's own name, without the folders it was kept in."""
    return path.rsplit("/", 1)[-1]
