"""A page of what changed between two runs, on its own: nothing beside it is needed, and neither run is touched.

In: the names of two runs and lines of text that say what caused the change and what moved. Out: a complete HTML page.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.words.table_html import escaped

STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:56rem;margin:0 auto;padding:1rem;color:#1d2730}"
    "li{margin-bottom:.4rem;overflow-wrap:anywhere}h1{overflow-wrap:anywhere}@page{size:A4;margin:16mm}"
)
WARNING = "A flag is a prompt for enquiry, not evidence of misuse. Protecting social care was a permitted purpose."


def _listed(identity: str, heading: str, lines: Sequence[str], empty: str) -> str:
    items = "".join(f"<li>{escaped(line)}</li>\n" for line in lines)
    body = f"<ul>\n{items}</ul>" if lines else f"<p>{escaped(empty)}</p>"
    return (
        f'<section aria-labelledby="{identity}-h">\n<h2 id="{identity}-h">{escaped(heading)}</h2>\n{body}\n</section>\n'
    )


def changes_page(lines: Sequence[str], *, before: str = "", after: str = "") -> str:
    """The page. Lines that begin with "cause:" are listed as causes, "->" in the first line names the runs."""
    rest = list(lines)
    if rest and " -> " in rest[0] and ":" not in rest[0]:
        first, _, second = rest.pop(0).partition(" -> ")
        before, after = before or first, after or second
    causes = [line.removeprefix("cause:").strip() for line in rest if line.startswith("cause:")]
    moved = [line for line in rest if not line.startswith("cause:")]
    title = f"What changed from run {before or 'not named'} to run {after or 'not named'}"
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)} - ringfence</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escaped(title)}</h1>\n<p><strong>{escaped(WARNING)}</strong></p>\n"
        + _listed("causes", "What differs between the runs", causes, "No cause was given.")
        + _listed("moved", "What moved", moved, "Nothing moved.")
        + "</main>\n</body>\n</html>\n"
    )
