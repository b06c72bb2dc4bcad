"""Checks on payment files. They judge what the loader decided and stored for each file and count rows of the ledger.

In: `Frames` with table `payment_file` and, for some, `payment_quarantine` and the ledger. Out: `Found` whose findings
stand on files (record id = source file). No finding repeats a payee's name. Nothing is parsed again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any

from expectations.domain.payment_counts import MONTHS, OWN_NUMBERS, ROWS, Count, bare_names, count_all
from expectations.records.checks import Check, Finding, Found, as_text
from expectations.records.table_frames import Frames

PARTS = ("rows_kept", "rows_quarantined", "rows_repeated", "rows_not_data")
LINES = ("rows_read", "lines_blank", "lines_inside_cells")
SLID = "transaction number as their amount"
PRINTED = "as printed"
TEXT_FORMS = ("csv", "txt", "tsv")


def _files(frames: Frames) -> list[dict[str, Any]]:
    return sorted(frames.arrow("payment_file").to_pylist(), key=lambda row: str(row["source_file"]))


def _count(row: dict[str, Any], name: str) -> int:
    return int(row.get(name) or 0)


def _finding(row: dict[str, Any], column: str, reason: str, *, value: Any = None, expected: Any = None) -> Finding:
    shown = row.get(column) if value is None else value
    return Finding(str(row["source_file"]), column, as_text(shown), as_text(expected), reason=reason)


def _by_file(frames: Frames, count: Count) -> Counter[str]:
    found: Counter[str] = Counter()
    for (name, _), number in count_all(frames, [count])[count.name].items():
        found[name] += number
    return found


def _found(judged: Iterable[Any], made: Iterable[Finding], without: int = 0) -> Found:
    names = tuple(one if isinstance(one, str) else str(one["source_file"]) for one in judged)
    return Found(len(names), without, tuple(made), judged=names)


def payment_account_closes(frames: Frames, check: Check) -> Found:
    """Rows read are the rows kept, set aside, repeated elsewhere and declared not data; lines read are the rows read
    and lines blank or inside cells; and the ledger and the list of rows set aside hold as many rows as is said.
    """
    kept = _by_file(frames, ROWS)
    aside = Counter(str(name) for name in frames.arrow("payment_quarantine").column("source_file").to_pylist())
    made: list[Finding] = []
    rows = _files(frames)
    for row in rows:
        read, parts = _count(row, "rows_read"), sum(_count(row, name) for name in PARTS)
        if read != parts:
            made.append(_finding(row, "rows_read", f"{read:,} rows read, {parts:,} accounted for", expected=parts))
        lines, parts = _count(row, "lines_read"), sum(_count(row, name) for name in LINES)
        if row.get("lines_read") is not None and lines != parts:
            made.append(_finding(row, "lines_read", f"{lines:,} lines, {parts:,} accounted for", expected=parts))
        for column, held, where in (
            ("rows_kept", kept, "the ledger"),
            ("rows_quarantined", aside, "the rows set aside"),
        ):
            said, there = _count(row, column), held[str(row["source_file"])]
            if said != there:
                made.append(_finding(row, column, f"{said:,} rows said, {there:,} in {where}", expected=there))
    strange = sorted((set(kept) | set(aside)) - {str(row["source_file"]) for row in rows})
    made += [Finding(name, "source_file", reason="its rows are there and its record is not") for name in strange]
    return _found([*rows, *strange], made)


def payment_refusal_has_reason(frames: Frames, check: Check) -> Found:
    """A file that was not read says why: it was refused for a reason, or is a copy of a file that is named."""
    rows = _files(frames)
    silent = [row for row in rows if row["outcome"] != "read" and not (row["reason"] or "").strip()]
    return _found(rows, [_finding(row, "reason", f"{row['outcome']} without a reason") for row in silent])


def payment_file_read(frames: Frames, check: Check) -> Found:
    """The file was read: it was not refused."""
    rows = _files(frames)
    made = [_finding(row, "reason", f"refused: {row['reason']}") for row in rows if row["outcome"] == "refused"]
    return _found(rows, made)


def payment_dates_inside_period(frames: Frames, check: Check, *, months_around: float, max_share: float) -> Found:
    """At most `max_share` of a file's rows in the ledger with a date to the day are dated more than `months_around`
    months before or after the months the file says it is for.
    """
    spans = {str(row["source_file"]): _span(str(row["period"] or "")) for row in _files(frames)}
    dated: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    for (name, month), number in count_all(frames, [MONTHS])[MONTHS.name].items():
        span = spans.get(name)
        if span and month:
            dated[name] += number
            if not span[0] - months_around <= _month(str(month)) <= span[1] + months_around:
                outside[name] += number
    made = [
        Finding(name, "period", f"{outside[name]}", reason=f"{outside[name]:,} of {dated[name]:,} rows with a day are "
                "dated outside the months the file is for") for name in sorted(outside)
        if outside[name] > max_share * dated[name]
    ]  # fmt: skip
    return _found(dated, made, len(spans) - len(dated))


def _month(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7])


def _span(period: str) -> tuple[int, int] | None:
    """First and last month of a period as the loader stores it; None where it does not say a year."""
    words = [word for word in period.split() if len(word) == len("2020-04") and word[:4].isdigit() and word[4] == "-"]
    return (_month(min(words)), _month(max(words))) if words else None


def payment_dates_known(frames: Frames, check: Check, *, max_share: float) -> Found:
    """At most `max_share` of a file's rows in the ledger lack a date to the day."""
    every: Counter[str] = Counter()
    vague: Counter[str] = Counter()
    for (name, month), number in count_all(frames, [MONTHS])[MONTHS.name].items():
        every[name] += number
        vague[name] += 0 if month else number
    made = [
        Finding(name, "date", f"{vague[name]}", reason=f"{vague[name]:,} of {every[name]:,} rows have no day")
        for name in sorted(every) if vague[name] > max_share * every[name]
    ]  # fmt: skip
    return _found(every, made)


def payment_block_in_one_file(frames: Frames, check: Check, *, at_least: float) -> Found:
    """Fewer than `at_least` rows of a file stand in another file of the same body too."""
    rows = [row for row in _files(frames) if row["outcome"] != "refused"]
    made = [
        _finding(row, "rows_repeated", f"{_count(row, 'rows_repeated'):,} of {_count(row, 'rows_read'):,} rows stand "
                 f"in another file too and are counted there{_told(row)}")
        for row in rows if _count(row, "rows_repeated") >= at_least
    ]  # fmt: skip
    return _found(rows, made)


def _told(row: dict[str, Any]) -> str:
    return f": {row['reason']}" if row["outcome"] == "copy" else ""


def payment_file_not_doubled(frames: Frames, check: Check, *, max_share: float) -> Found:
    """At most `max_share` of a file's rows equal an earlier row of the same file in every column."""
    rows = [row for row in _files(frames) if _count(row, "rows_read")]
    made: list[Finding] = []
    for row in rows:
        equal, read = _count(row, "rows_duplicate_inside"), _count(row, "rows_read")
        if equal > max_share * read:
            told = f"{equal:,} of {read:,} rows equal an earlier row of the file"
            made.append(_finding(row, "rows_duplicate_inside", told))
    return _found(rows, made)


def payment_amount_is_money(frames: Frames, check: Check, *, at_least: float) -> Found:
    """Fewer than `at_least` rows of a file have a transaction number for an amount: the loader found none that slid,
    and no amount of a million or more equals the transaction number of its own row.
    """
    lines = frames.arrow("payment_quarantine").to_pylist()
    slid = Counter(str(line["source_file"]) for line in lines if line["code"] == "PAY-001")
    slid += _by_file(frames, OWN_NUMBERS)
    rows = _files(frames)
    made: list[Finding] = []
    for row in rows:
        name = str(row["source_file"])
        if SLID in str(row["reason"] or ""):
            made.append(_finding(row, "reason", f"refused: {row['reason']}"))
        elif slid[name] >= at_least:
            told = f"{slid[name]:,} rows have a transaction number for an amount"
            made.append(_finding(row, "amount_gbp", told, value=slid[name]))
    return _found(rows, made)


def payment_copy_keeps_signs(frames: Frames, check: Check) -> Found:
    """A copy of another file has negative amounts where its original has."""
    rows = _files(frames)
    signs = {str(row["source_file"]): row["sign_source"] for row in rows}
    copies = [row for row in rows if row["outcome"] == "copy"]
    made = [
        _finding(row, "sign_source", f"{row['reason']}, which has negative amounts; this has none", expected=PRINTED)
        for row in copies
        if row["sign_source"] != PRINTED and signs.get(str(row["reason"]).removeprefix("a copy of ")) == PRINTED
    ]
    return _found(rows, made)


def payment_file_as_expected(
    frames: Frames, check: Check, *, column: str, values: list[Any] | None = None, without: str = ""
) -> Found:
    """What the loader decided of a file, in `column`, is one of `values`, and does not have the words `without`.

    Files for which nothing was decided are not judged.
    """
    rows = _files(frames)
    judged = [row for row in rows if row["outcome"] != "refused" and row[column] is not None]
    made = [
        _finding(row, column, f"{column} is '{as_text(row[column])}'") for row in judged
        if values is not None and row[column] not in values
    ]  # fmt: skip
    for row in judged if without else []:
        parts = [part for part in str(row[column]).split("; ") if without.casefold() in part.casefold()]
        made += [_finding(row, column, "; ".join(parts), value="; ".join(parts))] if parts else []
    return _found(judged, made, len(rows) - len(judged))


def payment_form_as_named(frames: Frames, check: Check) -> Found:
    """A file is in the format that the end of its name says."""
    rows = [row for row in _files(frames) if row["form"]]
    made: list[Finding] = []
    for row in rows:
        ending = PurePosixPath(str(row["source_file"])).suffix.casefold().removeprefix(".")
        if ending != row["form"] and not (row["form"] == "csv" and ending in TEXT_FORMS):
            made.append(_finding(row, "form", f"the name ends in '{ending}', the file is {row['form']}"))
    return _found(rows, made)


def payment_private_payee_withheld(frames: Frames, check: Check, *, cost_centre: str) -> Found:
    """No payee of a cost centre whose words match `cost_centre` looks like a private person and is not withheld.

    A finding stands on the file and gives rows by number; the name is never repeated.
    """
    count = bare_names(cost_centre)
    counted = count_all(frames, [ROWS, count])
    numbers: dict[str, list[int]] = {}
    for name, row in counted[count.name]:
        numbers.setdefault(name, []).append(int(row))
    made = [
        Finding(name, "supplier_raw", "(not repeated here)", reason=f"{len(rows):,} payees may be private persons and "
                f"are not withheld, first in row {min(rows)}") for name, rows in sorted(numbers.items())
    ]  # fmt: skip
    return Found(sum(counted[ROWS.name].values()), 0, tuple(made))


COUNTED: dict[str, Callable[[Check], tuple[Count, ...]]] = {
    "payment_account_closes": lambda _: (ROWS,),
    "payment_dates_inside_period": lambda _: (MONTHS,),
    "payment_dates_known": lambda _: (MONTHS,),
    "payment_amount_is_money": lambda _: (OWN_NUMBERS,),
    "payment_private_payee_withheld": lambda check: (ROWS, bare_names(str(check.kwargs["cost_centre"]))),
}
"""By type: what the check counts in the ledger, so that all of it can be counted in one reading."""
