"""Headline and reason sentences: direction, size, years, comparator; no adjectives, no accusation.

In: numbers of one area and window. Out: text. Refuses nothing: a missing number is said to be missing. Money is said
as in "£3.1 million", from ten thousand pounds down to the thousand.
"""

from __future__ import annotations

WARNING = "A flag is a prompt for enquiry, not evidence of misuse."


def money(pounds: float) -> str:
    """Size of an amount in words, without its sign: £3.1 million, £420,000."""
    size = abs(pounds)
    if size >= 999_500:
        return f"£{size / 1e6:,.1f} million"
    return f"£{round(size, -3):,.0f}"


def years_in_words(years: tuple[str, ...]) -> str:
    """`2011-12 to 2013-14`, or the single year."""
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"


def direction(pounds: float, up: str, down: str) -> str:
    """The word for the sign of an amount."""
    return up if pounds >= 0 else down


def rate_years(base: tuple[str, ...]) -> str:
    """The base years as one period: "2013-15" for 2013-14 and 2014-15, "2010-11" for one year."""
    return base[0] if len(base) == 1 else f"{base[0][:4]}-{base[-1][-2:]}"


def nhs_money(*, years: tuple[str, ...], base: tuple[str, ...], transfer: float, rate_gbp: float, basis: str) -> str:
    """NHS money above the base rate, over the window and a year, so that the table beneath adds up to it.

    `rate_gbp` is the mean of the base years.
    """
    got = "was allocated" if basis == "allocated" else "received an estimated"
    over = "in the year" if len(years) == 1 else f"over the {len(years)} years"
    yearly = "" if len(years) == 1 else f", about {money(transfer / len(years))} a year"
    if rate_gbp:
        than = f"{direction(transfer, 'more', 'less')} NHS money {over} than at the {rate_years(base)} rate"
        return f"{got} {money(transfer)} {than}{yearly}"
    return f"{got} {money(transfer)} of NHS money {over}, after none in {rate_years(base)}{yearly}"


def headline(
    *, area: str, years: tuple[str, ...], base: tuple[str, ...], gap: float, transfer: float, rate_gbp: float,
    booked: float, basis: str, care: str,
) -> str:  # fmt: skip
    """The area page's first sentence, and a second where the gap is more than the whole rise in NHS money."""
    when = years_in_words(years)
    if gap != gap:
        return f"For {when} {area} could not be compared with an expected level of its own spending on {care}."
    spent = direction(gap, "less", "more")
    lead = f"Over {when} {area} spent {money(gap)} {spent} of its own money on {care} than expected"
    if transfer != transfer:
        return f"{lead}; the NHS money it was passed is not known."
    said = nhs_money(years=years, base=base, transfer=transfer, rate_gbp=rate_gbp, basis=basis)
    return f"{lead}. It {said}." + beyond_all_of_it(gap, transfer, booked)


def maintenance_of_effort(*, own_change: float, nhs_change: float, nhs_source: str) -> str:
    """Plain arithmetic, yearly averages in cash against the base years; never an inference."""
    if own_change != own_change:
        return "Own-funded spend is not known for all the years."
    own = (
        f"Own-funded spend {direction(own_change, 'rose', 'fell')} by {money(own_change)} a year against the base years"
    )
    if nhs_change != nhs_change:
        return f"{own}; NHS money received is not known for both periods."
    moved = f"NHS money received {direction(nhs_change, 'rose', 'fell')} by {money(nhs_change)} a year ({nhs_source})"
    return f"{own} and {moved}."


def beyond_all_of_it(gap: float, transfer: float, booked: float) -> str:
    """Said where the gap is more than the rise in NHS money, the larger of worked out and booked; else empty."""
    if not gap > max(transfer, booked if booked == booked else transfer) > 0:
        return ""
    return " The shortfall is more than the whole rise in NHS money, so replacement cannot explain all of it."


def times(ratio: float) -> str:
    """An evidence ratio in words, as printed: "2.6 times likelier", or how many times less likely below one."""
    if ratio >= 1.0:
        return f"{ratio:.3g} times likelier" if ratio < 100 else f"{ratio:,.0f} times likelier"
    return f"{1.0 / ratio:.3g} times less likely" if ratio > 0.01 else f"{1.0 / ratio:,.0f} times less likely"


def reason(
    *, outcome: str, ratio: float, band: str, review: int, unusual: int, kept: float, variants: int, onset: str
) -> str:
    """What the figures say, and why the area is on the list it is on."""
    fits = f"; the fall fits best {onset}" if ratio > 1.0 else ""
    said = (
        f"The path of its own spending {band}: {times(ratio)} if the council replaced its own money pound for pound "
        f"than if it did as the average council did{fits}."
    )
    if review:
        stays = f", where it stays in {round(kept * variants)} of {variants} variants" if kept == kept else ""
        said += f" Place {review} of the review list{stays}."
    if unusual:
        said += f" Place {unusual} of the unusual-pattern list."
    return said if outcome else ""
