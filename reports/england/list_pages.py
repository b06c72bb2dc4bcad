"""Lists of areas: all of a window, and by region, class, result and band: filters that need no script.

In: a run. Out: `ProsePage` by path, and the links to them. An area appears once in each window's table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipelines.declarations.table_words import BAND_WORDS, RESULTS
from reports.england.areas_table import areas_table, result_of
from reports.england.bands import shown_band
from reports.england.working_papers import NOTE, flags_of
from reports.words.frame import CLASSES, average_of, flag_windows, frame, slug, window_words
from reports.words.narrative import band_words, count_of, outcome
from reports.words.read_run import Row, Run
from reports.words.view_models import Link, ProsePage, ProseSection, WindowPart

BACK = Link("All areas", "index.html")
Chosen = Callable[[Row, Row | None], bool]


def _page(run: Run, title: str, chosen: Chosen) -> ProsePage:
    sections: list[ProseSection] = []
    for window in flag_windows(run):
        flags = flags_of(run, window)
        areas = [area for area in run.rows("area") if chosen(area, flags.get(str(area["area_code"])))]
        identity, heading = f"window-{window.lower()}", window_words(window)
        if areas:
            table = areas_table(
                window, areas, flags, said=count_of(len(areas), "area", "areas"), average=average_of(run)
            )
            part = WindowPart(id=f"{identity}-areas", heading="Areas", table=table)
        else:
            part = WindowPart(id=f"{identity}-areas", heading="Areas", empty="No area of this kind is in this window.")
        sections.append(ProseSection(identity, heading, parts=(part,)))
    if not sections:
        sections.append(ProseSection("none", "Areas", ("This run holds no results.",)))
    return ProsePage(
        frame=frame(run, title=title, here="lists", root="../"),
        heading=title,
        lead=("In order of evidence ratio, the highest first.",),
        sections=tuple(sections),
        back=BACK,
        note=NOTE,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(run: Run, column: str) -> list[str]:
    return sorted({str(area[column] or "") for area in run.rows("area")})


def _lists(run: Run) -> dict[str, tuple[tuple[str, str, Chosen], ...]]:
    """(path, title, which areas) by heading."""

    def of(column: str, wanted: str) -> Chosen:
        return lambda area, _: str(area[column] or "") == wanted

    def told(wanted: str) -> Chosen:
        return lambda _, flag: result_of(flag) == wanted

    def banded(wanted: str) -> Chosen:
        return lambda _, flag: shown_band(flag) == wanted

    return {
        "Region": tuple(
            (f"regions/{slug(name)}.html", name or "Region not held", of("region", name))
            for name in _named(run, "region")
        ),
        "Type of authority": tuple(
            (f"classes/{slug(name)}.html", _capital(CLASSES.get(name, name or "type not held")),
             of("class", name))
            for name in _named(run, "class")
        ),
        "Result": tuple((f"results/{slug(result)}.html", outcome(result), told(result)) for result in RESULTS),
        "What the figures say": tuple((f"bands/{slug(band)}.html", band_words(band), banded(band))
                                      for band in BAND_WORDS),
    }  # fmt: skip


def all_areas_path(window: str) -> str:
    """Where the table of all areas of a window lies."""
    return f"all-areas-{slug(window)}.html"


def all_areas_links(run: Run) -> tuple[Link, ...]:
    """Links to the tables of all areas."""
    return tuple(Link(window_words(window), all_areas_path(window)) for window in flag_windows(run))


def _all_areas(run: Run, window: str) -> ProsePage:
    areas, title = run.rows("area"), f"All areas: {window_words(window)}"
    table = areas_table(window, areas, flags_of(run, window), average=average_of(run))
    others = tuple(link for link in all_areas_links(run) if link.href != all_areas_path(window))
    part = WindowPart(id=f"window-{window.lower()}-areas", heading="Results", table=table)
    more = (ProseSection("others", "The other window", links=others),) if others else ()
    return ProsePage(
        frame=frame(run, title=title, here="lists"), heading="All areas",
        lead=("Every area with what the figures say of it, also those not assessed.",),
        sections=(ProseSection(f"window-{window.lower()}", window_words(window), parts=(part,)), *more),
        back=BACK, note=NOTE,
    )  # fmt: skip


def list_links(run: Run) -> Sequence[tuple[str, tuple[Link, ...]]]:
    """Links to the lists by heading."""
    return [(heading, tuple(Link(title, path) for path, title, _ in listed)) for heading, listed in _lists(run).items()]


def list_pages(run: Run) -> dict[str, ProsePage]:
    """The pages by path, the tables of all areas among them."""
    every = {all_areas_path(window): _all_areas(run, window) for window in flag_windows(run)}
    return every | {
        path: _page(run, title, chosen) for listed in _lists(run).values() for path, title, chosen in listed
    }
