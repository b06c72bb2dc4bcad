"""Every kind of page under axe-core in a real headless Chromium: no violation of WCAG 2.2 at A or AA.

The checker comes with a development package that carries it; nothing is fetched. Where it is too old to know the rule
on the size of targets, the test beside this one still measures them.
"""

from __future__ import annotations

import importlib.util
import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from made_changes import made_changes

from reports.site.changes_page import changes_page
from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[2]
BROWSER = runpy.run_path(str(ROOT / "tests" / "functional" / "browser.py"))
CARRIERS = ("axe_playwright_python", "axe_core_python")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
KINDS = (
    "index.html", "validation.html", "sources.html", "method.html",
    "method/how-it-works.html", "method/how-well.html", "method/settings.html",
    "areas/E09000000.html", "areas/E09000005.html",
    "areas/E09000001.html", "areas/E09000008.html",
    "glossary.html", "accessibility.html", "flags/index.html", "flags/bands.html", "commissioners/index.html",
    "commissioners/000.html", "results/both-lists.html", "regions/example-region.html", "classes/london.html",
    "changes.html", "passed-checks.html", "review.html", "unusual.html", "national.html", "requests.html",
    "all-areas-w1.html",
)  # fmt: skip
ASK = """<script>CHECKER</script><script>window.told=new Promise(function(done){
addEventListener("load",function(){var asked={runOnly:RULES};
if(axe.getRules().some(function(rule){return rule.ruleId=="target-size"}))
asked.rules={"target-size":{enabled:true}};
axe.run(document,asked).then(function(found){done({rules:found.passes.length,violations:found.violations.map(
function(rule){return [rule.id,rule.nodes.length,rule.nodes[0].html.slice(0,160)]})})})})})</script>"""


def carried() -> Path | None:
    """The checker's script, from whichever package is installed."""
    for name in CARRIERS:
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            return Path(found.origin).with_name("axe.min.js")
    return None


pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER["CHROMIUM"] is None, reason=BROWSER["ABSENT"]),
    pytest.mark.skipif(carried() is None, reason="no package carries axe-core: " + " or ".join(CARRIERS)),
]


def checked(pages: list[Path], scratch: Path) -> list[Any]:
    """What the checker says of each page: how many rules passed, and the violations."""
    script = carried()
    assert script is not None
    asked = ASK.replace("CHECKER", script.read_text(encoding="utf-8")).replace("RULES", json.dumps(RULES))
    return BROWSER["ask"]([(page, 1280) for page in pages], asked, scratch)[0]


def test_no_kind_of_page_violates_wcag_at_a_or_aa(tmp_path):
    write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
    site = write_made_run(tmp_path / "made") / "site"
    render_site(site.parent, workers=1)
    (site / "changes.html").write_text(changes_page(made_changes()), encoding="utf-8")
    told = checked([site / name for name in KINDS], tmp_path)
    assert {name: found.get("violations", found) for name, found in zip(KINDS, told, strict=True)} == {
        name: [] for name in KINDS
    }
    assert min(found["rules"] for found in told) >= 10


def test_the_checker_sees_a_violation(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text("<!DOCTYPE html><html><head><title>t</title></head><body><img src='a.png'></body></html>", "utf-8")
    (found,) = checked([page], tmp_path)
    assert {"html-has-lang", "image-alt"} <= {rule[0] for rule in found["violations"]}
