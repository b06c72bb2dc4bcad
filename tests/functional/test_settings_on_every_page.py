"""Who made a run with settings of their own cannot hand over a page of it that does not say so."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[2]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
SAID = "Made with settings that differ from the defaults"


def pages(run: Path, changed: dict[str, Any]) -> dict[str, str]:
    told = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    (run / "manifest.json").write_text(json.dumps({**told, "settings_changed": changed}), encoding="utf-8")
    return {path.name: path.read_text(encoding="utf-8") for path in render_site(run) if path.suffix == ".html"}


def test_what_differs_from_the_defaults_stands_on_every_page_and_nothing_where_nothing_does(tmp_path: Path) -> None:
    run = write_made_run(tmp_path / "run", areas=2)
    own = {"lists.review": 20, "limits.file.seconds": 5, "transfer.file": "<b>own</b>.csv"}
    made = pages(run, own)
    wanted = f"{SAID}: limits.file.seconds 5; lists.review 20; transfer.file &lt;b&gt;own&lt;/b&gt;.csv."
    assert len(made) > 10
    assert [name for name, text in made.items() if wanted not in text] == []
    assert [name for name, text in pages(run, {}).items() if SAID in text] == []
