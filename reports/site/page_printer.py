"""Pages as text: the templates, the styles, and the one script with the policy that lets it alone run.

In: a page's record and its template's name. Out: HTML with its charts. A page carries the script only where a list or
table of it can be searched, and every page a policy that lets nothing load; with `script` off none carries it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.places import ROOT
from reports.charts.canvas import named
from reports.words.glossary_links import words_of_page
from reports.words.table_html import table_body, table_class
from reports.words.view_models import Figure

TEMPLATES = ROOT / "reports"
SCRIPT = TEMPLATES / "pages" / "site.js"
FOUND = ' class="find'
"""What stands in a page where there is something for the script to do."""
NAVIGATION = (
    ("index", "Areas"),
    ("review", "Review list"),
    ("unusual", "Unusual patterns"),
    ("national", "England"),
    ("validation", "Checks"),
    ("sources", "Sources"),
    ("method", "Method"),
    ("commissioners/index", "Commissioners"),
    ("flags/index", "Results explained"),
    ("glossary", "Glossary"),
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
GLOSSARY = "glossary"
PageText = Callable[[str, Any], str]


@cache
def script_text() -> str:
    """The script as pages carry it: without its remarks and the spaces before its lines."""
    lines = (line.strip() for line in SCRIPT.read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def policy(script: str) -> str:
    """What a page may load and run: its own styles, and `script` by its hash where it carries one."""
    if not script:
        return POLICY
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return f"{POLICY}; script-src 'sha256-{digest}'"


def _styles(folder: Path, run_id: str) -> dict[str, str]:
    return {
        path.stem: path.read_text(encoding="utf-8").replace("RUN_ID", run_id) for path in sorted(folder.glob("*.css"))
    }


def page_printer(run_id: str, *, script: bool = True) -> PageText:
    """What prints a page from its template's name and its record."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    styles = {name: Markup(text) for name, text in _styles(TEMPLATES / "styles", run_id).items()}  # noqa: S704 - ours
    printed = Markup(script_text()) if script else Markup()  # noqa: S704 - our own file

    def picture(figure: Figure) -> Markup:
        name = f"{figure.id}-svg"
        drawn = named(figure.chart(), name=name, title=figure.title, description=figure.description)
        return Markup(drawn)  # noqa: S704 - made by a canvas, which escapes every text

    shared: dict[str, Any] = environment.globals
    shared.update(
        styles=styles, navigation=NAVIGATION, table_body=table_body, table_class=table_class, policy=policy,
        picture=picture, script_for=lambda body: printed if FOUND in body else Markup(),
    )  # fmt: skip

    def page_text(template: str, page: Any) -> str:
        root: str = page.frame.root
        worded = words_of_page(root, linked=page.frame.here != GLOSSARY)
        return environment.get_template(f"pages/{template}.html").render(page=page, root=root, worded=worded)

    return page_text


_printer = cache(page_printer)


def print_pages(run_id: str, script: bool, pages: Mapping[str, tuple[str, Any]]) -> dict[str, str]:
    """Texts of pages (template and record) by path."""
    page_text = _printer(run_id, script=script)
    return {path: page_text(*page) for path, page in pages.items()}
