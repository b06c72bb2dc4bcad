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
    of_year: dict[tuple[str, ...], list[FormData]] = {}
    problems: list[UserError] = []
    for form in forms:
        months = ";".join(sorted(set(form.records.get("month", ()))))
        before = of_year.setdefault((form.source, form.financial_year, months), [])
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
        else:
            problems += [_twice(one, form, told) for one in before if (told := _same_release(one, form))][:1]
        seen.setdefault(form.sha256, form.file_name)
        before.append(form)
    return problems


def _twice(one: FormData, other: FormData, told: str) -> UserError:
    return InputError(
        f"the same release twice: {one.file_name} and {other.file_name} ({one.source} {one.financial_year}), {told}",
        place=Place(other.file_name),
        expected="each release once",
        do="Keep one of the two: the one that came from the publisher.",
    )


def _same_release(one: FormData, other: FormData) -> str:
    """How many figures are equal, in words, where neither form states another release than the other; else empty."""
    stated = {one.release, other.release} - {""}
    return _equal_figures(one, other) if len(stated) < 2 else ""


def _figures(form: FormData) -> Figures:
    keys = list(zip(*form.records.values(), strict=True))
    return {(line.label, *key): value for line in form.lines for key, value in zip(keys, line.values, strict=True)}


def _equal_figures(one: FormData, other: FormData) -> str:
    """How many figures of two forms are equal, in words; empty when they are about different authorities."""
    first, second = _figures(one), _figures(other)
    both = first.keys() & second.keys()
    equal = sum(first[key] == second[key] for key in both)
    return f"{equal:,} of {len(both):,} figures equal" if both else ""
