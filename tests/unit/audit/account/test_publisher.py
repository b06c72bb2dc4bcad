"""Who publishes a run is a setting of the run that changes no result and can be printed as one line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from audit.account.publisher import LONGEST, refuse_publisher
from audit.commands.cli import main
from audit.evaluation.fingerprint import method_fingerprint
from audit.run.manifest import settings_changed, settings_record
from audit.run.run import Options, manifest_content
from audit.settings import load_settings
from pipelines.errors import DefinitionError
from pipelines.places import ROOT

OWN = load_settings(also='publisher.name = "An office"')


def test_it_stands_in_the_record_of_a_run_and_not_among_what_changes_a_result() -> None:
    assert settings_record(OWN)["publisher.name"] == "An office"
    assert settings_changed(OWN) == {}
    own, plain = (manifest_content(Options(), made, [], "x", {})["command"] for made in (OWN, load_settings()))
    assert "--settings FILE" in own and "--settings" not in plain


def test_it_is_no_part_of_the_fingerprint_of_the_method_as_every_other_setting_is(tmp_path: Path) -> None:
    for name in ("audit", "data/reference"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "figures"))
    path = tmp_path / "audit" / "settings.toml"
    text, before = path.read_text(encoding="utf-8"), method_fingerprint(tmp_path)
    path.write_text(text.replace('name = ""', 'name = "An office"'), encoding="utf-8")
    assert method_fingerprint(tmp_path) == before
    path.write_text(text.replace("review = 15", "review = 16"), encoding="utf-8")
    assert method_fingerprint(tmp_path) != before


@pytest.mark.parametrize(
    ("said", "reason"),
    [("a\nb", r"'publisher.contact' holds the character '\\n'"),
     ("a\x1b[31m", r"holds the character '\\x1b'"),
     ("a\u202eb", r"holds the character '\\u202e'"),
     ("x" * (LONGEST + 1), "has 201 characters")],
)  # fmt: skip
def test_what_no_page_could_print_as_one_line_is_refused(said: str, reason: str) -> None:
    with pytest.raises(DefinitionError, match=reason):
        refuse_publisher({"lists.review": 15, "publisher.contact": said})
    refuse_publisher({"publisher.contact": "x" * LONGEST, "transfer.file": said})


def test_a_run_that_names_its_publisher_wrongly_ends_with_10_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RINGFENCE_SET", f"publisher.name = {json.dumps('x' * 300)}")
    assert main(["run", "--out", str(tmp_path)]) == 10
    told = capsys.readouterr().err
    assert "setting 'publisher.name' has 300 characters" in told and len(told.splitlines()) == 1
    assert main(["settings"]) == 10
