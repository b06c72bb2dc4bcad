"""One publication given twice: byte for byte, as original and extract, or saved again by another program.

In: the forms of a load. Out: one error for each second copy, with how many of the figures are equal. Two releases of
one form and year are no copies: the later one replaces the earlier, and the checks say so.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.errors import InputError, Place, UserError
from pipelines.shape.form_data import FormData

Figures = dict[tuple[str, ...], object]


def duplicates(forms: Iterable[FormData]) -> list[UserError]:
    """One error for every publication that came more than once."""
    seen: dict[str, str] = {}
    releases: dict[tuple[str, ...], FormData] = {}
    problems: list[UserError] = []
    for form in forms:
        months = ";".join(sorted(set(form.records.get("month", ()))))
        key = (form.source, form.financial_year, form.release, months)
        if form.sha256 in seen:
            problems.append(
                InputError(
                    f"the same publication was given twice ({form.source} {form.financial_year}, "
                    f"also as {seen[form.sha256]})",
                    place=Place(form.file_name),
                    expected="each file once",
                    do="Remove one of the two.",
                )
            )
        elif key in releases and (told := _same_records(releases[key], form)):
            problems.append(
                InputError(
                    f"the same release twice: {releases[key].file_name} and {form.file_name} ({form.source} "
                    f"{form.financial_year}), {told}",
                    place=Place(form.file_name),
                    expected="each release once",
                    do="Keep one of the two: the one that came from the publisher.",
                )
            )
        seen.setdefault(form.sha256, form.file_name)
        releases.setdefault(key, form)
    return problems


def _figures(form: FormData) -> Figures:
    keys = list(zip(*form.records.values(), strict=True))
    return {(line.label, *key): value for line in form.lines for key, value in zip(keys, line.values, strict=True)}


def _same_records(one: FormData, other: FormData) -> str:
    """How many figures of two forms are equal, in words; empty when they are about different authorities."""
    first, second = _figures(one), _figures(other)
    both = first.keys() & second.keys()
    equal = sum(first[key] == second[key] for key in both)
    return f"{equal:,} of {len(both):,} figures equal" if both else ""
