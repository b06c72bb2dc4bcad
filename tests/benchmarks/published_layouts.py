"""Made-up payment files of any size with the statistics of six published layouts; no row of them, and nobody's name.

In: a folder and a number of rows. Out: one file per body and year, 40,000 rows each, so that more rows are more files,
more bodies and more years, as in the wild. What was measured on a published file of each layout (its columns, rows,
encoding, how full a column is, how many different texts it has and how long they are, how amounts and days are written)
stands below as it was found. Bodies are real, so that payments between them are traced; everything else is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROWS = 40_000
YEARS = range(2010, 2023)
COUNCIL, NHS = "council", "nhs_commissioner"
PROXIES = ("REABLEMENT", "COMMISSIONING - NON ACUTE", "INTERMEDIATE CARE", "FUNDED NURSING CARE", "PROGRAMME PROJECTS")
"""Cost centres of payments to councils; the first three are proxies, the fourth says another purpose."""
WORDS = ("NORTH", "VALE", "BRIDGE", "HILL", "CARE", "WORKS", "HOUSE", "SUPPLIES", "MEDICAL", "GROUP", "GARDEN", "MILL",
         "SERVICES", "PARK", "TRANSPORT", "HOMES", "LANE", "SUPPORT", "STONE", "LEARNING")  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A column of texts: how many different ones in 10,000 rows, their mean length, and the share of cells filled."""

    distinct: int
    length: int
    filled: float = 1.0


@dataclass(frozen=True, eq=False)
class Layout:
    """A layout: columns by header (a role, or a `Text`), and how its files write things.

    `commas`, `negative` and `pounds` are shares of the amounts; `blank` is the share of lines without a word;
    `public` the share of rows whose payee is on the other side (commissioner or council).
    """

    name: str
    kind: str
    columns: dict[str, str | Text]
    encoding: str
    day: str
    commas: float
    negative: float
    payees: int
    pounds: float = 0.0
    blank: float = 0.0
    public: float = 0.003
    per_transaction: float = 1.0
    line_end: str = "\r\n"


LAYOUTS = (
    Layout("commissioner", NHS, {
        "Department Family": Text(1, 20), "Entity": "body", "Date": "day", "Expense Type": Text(550, 28),
        "Expense Area": "centre", "Supplier": "payee", "Transaction Number": "number", "Amount": "amount"},
        "utf-8", "%d/%m/%Y", 0.85, 0.147, 1240, public=0.013, per_transaction=4.7),
    Layout("county with identifiers", COUNCIL, {
        "Body": Text(1, 2), "Name of Body": "body", "Date": "day", "Transaction Number": "number",
        "Invoice Number": Text(5000, 15), "Amount": "amount", "Supplier Name": "payee", "Supplier ID": Text(2700, 6),
        "Vat Reg No": Text(1050, 9, 0.5), "Expense Area": Text(7, 20), "Expense Type": Text(184, 28),
        "Expense Code": Text(185, 4), "Creditor Type": Text(22, 3)},
        "utf-8-sig", "%Y-%m-%d 00:00:00", 0.0, 0.017, 2490),
    Layout("sixteen columns", COUNCIL, {
        "Body": Text(1, 53), "Body name": "body", "Date": "day", "Transaction number": "number",
        "Invoice Number": Text(3360, 10), "Amount": "amount", "Supplier Name": "payee", "Supplier ID": Text(2030, 6),
        "VAT Registration Number": Text(460, 11, 0.53), "Expense Area": Text(645, 18, 0.98),
        "Expense Type": Text(288, 17), "Expense Code": Text(288, 6), "BVACOP": Text(1, 1, 0.0),
        "ProClass": Text(200, 6, 0.68), "ProClass Description": Text(200, 24, 0.68),
        "Extended Description": Text(2440, 24, 0.76)},
        "utf-8-sig", "%d/%m/%Y", 0.22, 0.057, 813, per_transaction=1.9),
    Layout("seven columns", COUNCIL, {
        "Body Name": "body", "Service Area": Text(42, 20), "Expenses Type": Text(309, 19),
        "Invoice Payment Date": "day", "Transaction Number": "number", "Net Amount": "amount",
        "Supplier Name": "payee"},
        "ascii", "%d.%m.%Y", 0.67, 0.054, 2200),
    Layout("ledger codes", COUNCIL, {
        "Supplier id": Text(1450, 6), "Supplier Name": "payee", "Transno": "number", "Account": Text(96, 5),
        "Description": Text(96, 26), "Amount": "amount", "Pay Date": "day", "Group": Text(8, 11)},
        "cp1252", "%d/%m/%Y", 0.0, 0.010, 1360, per_transaction=2.7),
    Layout("every second line blank", COUNCIL, {
        "Invoice ID": "number", "Supplier Name": "payee", "Paid Date": "day", "Subjective Code": Text(1046, 5),
        "Subjective Name": Text(1046, 20), "Service Area": Text(125, 18), "Cost Centre Name": Text(1968, 22),
        "Invoiced": "amount"},
        "cp1252", "%d/%m/%Y", 0.61, 0.0, 4070, pounds=1.0, blank=0.5),
)  # fmt: skip


def write_files(folder: Path, rows: int) -> list[Path]:
    """Write files of 40,000 rows until there are `rows`; those that are there stay. Returns them."""
    from pipelines.payments.words.organisations import commissioners, councils

    bodies = {
        COUNCIL: sorted({f"{body.name.split(',')[0]} Council" for body in councils().values() if body.area_code}),
        NHS: sorted({body.name for body in commissioners().values()}),
    }
    made: list[Path] = []
    for number in range(-(-rows // ROWS)):
        layout = LAYOUTS[number % len(LAYOUTS)]
        body, year = number // len(LAYOUTS) // len(YEARS), YEARS[number // len(LAYOUTS) % len(YEARS)]
        # Bodies of a layout are its own, so that no two layouts claim one.
        mine = bodies[layout.kind][LAYOUTS.index(layout) :: len(LAYOUTS)]
        others = bodies[NHS if layout.kind == COUNCIL else COUNCIL]
        name = mine[body % len(mine)]
        path = folder / name.replace("/", " ") / f"{year}-{(year + 1) % 100:02d}.csv"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding=layout.encoding, newline="") as stream:
                stream.write(_head(layout) + _text(layout, name, others, year, number))
        made.append(path)
    return made


def write_one_file(path: Path, layout: Layout, rows: int) -> None:
    """Write all rows to one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=layout.encoding, newline="") as stream:
        stream.write(_head(layout))
        for number in range(-(-rows // ROWS)):
            stream.write(_text(layout, "Madeham Council", ["NHS Devon CCG"] * 8, 2019, number))


def _head(layout: Layout) -> str:
    return ",".join(layout.columns) + layout.line_end


def _text(layout: Layout, name: str, others: list[str], year: int, number: int) -> str:
    """The rows of a file: its layout's cells, each column begun elsewhere, with payees, days and numbers of its own."""
    import datetime

    import numpy as np

    rng = np.random.default_rng(number)
    columns: list[list[str]] = []
    turn = int(rng.integers(ROWS))
    made = _cells(layout)
    for header, role in layout.columns.items():
        if role == "body":
            cells = [name] * ROWS
        elif role == "day":
            first = datetime.date(year, 4, 1)
            days = [(first + datetime.timedelta(day)).strftime(layout.day) for day in range(365)]
            cells = [days[at] for at in np.sort(rng.integers(0, 365, ROWS)).tolist()]
        elif role == "number":
            first = 10_000_000 + number * ROWS
            cells = [str(first + at) for at in (np.arange(ROWS) / layout.per_transaction).astype(int).tolist()]
        elif role == "payee":
            texts = {text: f"{text} {number % 1000}" for text in set(made[header])}
            texts.update(zip(_public(), others, strict=False))
            cells = [texts[text] for text in _turned(made[header], turn)]
        else:  # what belongs to the payee turns with it
            cells = _turned(made[header], int(rng.integers(ROWS)) if isinstance(role, Text) else turn)
        columns.append(cells)
    line = ",".join(["%s"] * len(columns)) + layout.line_end
    between = "," * (len(columns) - 1) + layout.line_end
    body = (line + between if layout.blank else line) * ROWS
    return body % tuple(cell for row in zip(*columns, strict=True) for cell in row)


def _turned(cells: list[str], turn: int) -> list[str]:
    return cells[turn:] + cells[:turn]


def _public() -> list[str]:
    return [f"public body {at}" for at in range(8)]


@cache
def _cells(layout: Layout) -> dict[str, list[str]]:
    """The cells of a layout's columns that do not hang on body and year."""
    import numpy as np

    rng = np.random.default_rng(LAYOUTS.index(layout))
    public = rng.random(ROWS) < layout.public
    some = int(public.sum())
    amounts = np.round(rng.gamma(0.3, 20_000.0, ROWS) + 250, 2)
    amounts[public] = rng.choice(np.array([1_300_625.0, 162_040.5, 4_304_537.0, 25_000.0]), some)
    made: dict[str, list[str]] = {}
    for header, role in layout.columns.items():
        if isinstance(role, Text):
            cells = rng.choice(_words(rng, role), ROWS)
            cells[rng.random(ROWS) >= role.filled] = ""
        elif role == "payee":
            cells = rng.choice(_words(rng, Text(layout.payees, 22)), ROWS)
            cells[public] = rng.choice(np.array(_public(), object), some)
        elif role == "centre":
            cells = rng.choice(_words(rng, Text(24, 28)), ROWS)
            cells[public] = rng.choice(np.array(PROXIES, object), some)
        elif role == "amount":
            cells = _amounts(rng, layout, amounts)
        else:
            continue
        made[header] = cells.tolist()
    return made


def _words(rng: Any, text: Text) -> Any:
    """Different made-up texts of about the length: words and a number. Four times the rows have twice as many."""
    import numpy as np

    count = text.distinct * 2 if text.distinct > 1 else 1
    if text.length < 12:
        return np.array([str(10 ** (text.length - 1) + at)[-text.length :] for at in range(count)], object)
    picks = rng.integers(0, len(WORDS), (count, 9))
    return np.array([" ".join([WORDS[at] for at in row])[: text.length - 4].strip() + f" {number}"
                     for number, row in enumerate(picks)], object)  # fmt: skip


def _amounts(rng: Any, layout: Layout, amounts: Any) -> Any:
    """Amounts as a layout writes them: thousands with commas (and then in quotes), minus signs, pound signs."""
    import numpy as np

    size = len(amounts)
    signs = np.where(rng.random(size) < layout.negative, "-", "")
    pounds = np.where(rng.random(size) < layout.pounds, "£", "")
    grouped = (rng.random(size) < layout.commas).tolist()
    made = [f'"{sign}{pound}{value:,.2f}"' if comma and value >= 1000 else f"{sign}{pound}{value:.2f}"
            for value, comma, sign, pound in zip(amounts.tolist(), grouped, signs, pounds, strict=True)]  # fmt: skip
    return np.array(made, object)
