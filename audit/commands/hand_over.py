"""Hand a run over: pages of areas as PDF, their workbooks, one area's working papers or the whole site as a zip.

In: parsed arguments of `ringfence report`. Out: files in the folder that was named, and their names on the screen.
Refuses an area that the run does not hold before anything is written.
"""

from __future__ import annotations

import argparse

from pipelines.errors import EXIT_OK


def hand_over(asked: argparse.Namespace) -> int:
    """Write what was asked for from the pages as they are; draw them only where there are none, or without script."""
    from audit.commands.explain import find_area
    from audit.commands.redraw import redraw, run_to_draw, site_is_whole
    from reports.site.hand_over import zip_site
    from reports.site.papers import write_books, zip_papers
    from reports.site.print_pdf import print_areas

    run = run_to_draw(asked.run)
    printed, books = ([find_area(run / "tables", area)[0] for area in named or ()] for named in (asked.pdf, asked.xlsx))
    code = find_area(run / "tables", asked.zip)[0] if asked.zip else ""
    if asked.no_script or not site_is_whole(run):
        redraw(run, script=not asked.no_script)
    made = print_areas(run, printed, asked.to) if printed else []
    made += write_books(run, books, asked.to) if books else []
    if asked.zip is not None:
        made.append(zip_papers(run, asked.to, code=code) if code else zip_site(run, asked.to))
    print("\n".join(str(path) for path in made))
    return EXIT_OK
