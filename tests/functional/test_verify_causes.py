"""`verify` and `diff` name the first difference and its cause: an input, a setting, the code, a library."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_published import as_published

from audit.account import causes as diff_causes
from audit.account.changed_results import run_told
from audit.account.changed_words import lines_of
from audit.run import verify
from audit.run.manifest import read_manifest, settings_record
from audit.run.run import Options, Outcome
from audit.settings import load_settings
from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.errors import VerificationError
from reports.site.changes import Change, Changes, Side

FLAGS = "area_code,list\nE06000001,review list\nE06000002,on no list\n"
BEFORE = Side("on no list", "says nothing either way")
AFTER = Side("review list", "leans towards replacement")
OTHER = "area_code,list\nE06000001,review list\nE06000002,review list\n"


def made_run(folder: Path, change: Callable[[dict[str, Any]], None] | None = None, *, flags: str = FLAGS) -> Path:
    """A run below `folder` with one output and a manifest that `change` may alter; its id and name follow from that."""
    content: dict[str, Any] = {
        "counts": {},
        "method_version": METHOD_VERSION,
        "command": "ringfence run",
        "inputs": [{"file_name": "rs.csv", "sha256": "a" * 64}],
        "settings": settings_record(load_settings()),
        "code": "c" * 64,
        "libraries": {"pandas": "3.0.0"},
    }
    if change:
        change(content)
    made = folder / "made"
    made.mkdir(parents=True)
    (made / "flags.csv").write_text(flags, encoding="utf-8")
    return as_published(made, **content)


CAUSES = {
    "input": (lambda made: made["inputs"][0].update(sha256="b" * 64), "an input differs: rs.csv"),
    "setting": (lambda made: made["settings"].update({"lists.review": 20}), "a setting differs: lists.review 15 -> 20"),
    "limit": (
        lambda made: made["settings"].update({"limits.file.seconds": 5}),
        "a setting differs: limits.file.seconds 30 -> 5",
    ),
    "code": (lambda made: made.update(code="d" * 64), "the code or reference data differs"),
    "library": (lambda made: made["libraries"].update(pandas="3.1.0"), "a library differs: pandas '3.0.0' -> '3.1.0'"),
    "none": (lambda _made: None, "none of inputs, settings, code and libraries differs"),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_the_first_byte_that_differs_is_named_with_its_cause(
    cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, told = CAUSES[cause]
    run = made_run(tmp_path / "one")
    again = made_run(tmp_path / "two", change, flags=OTHER)
    monkeypatch.setattr(verify, "run", lambda _options: Outcome(again, unchanged=False, quarantined=0))
    with pytest.raises(VerificationError) as raised:
        verify.verify(run)
    assert f"first flags.csv at byte {FLAGS.index('on no list') + 1}, line 3" in str(raised.value)
    assert f"Likely cause: {told}." in str(raised.value)
    assert raised.value.exit_code == 14


def test_every_cause_that_differs_is_named(tmp_path: Path) -> None:
    def both(made: dict[str, Any]) -> None:
        CAUSES["code"][0](made)
        CAUSES["library"][0](made)

    one, two = (
        json.loads((made_run(tmp_path / name, change) / "manifest.json").read_text())
        for name, change in (("one", None), ("two", both))
    )
    assert verify.causes(one, two) == [CAUSES["code"][1], CAUSES["library"][1]]


def test_a_file_that_only_one_of_two_runs_has_is_named_so(tmp_path: Path) -> None:
    one, two = made_run(tmp_path / "one"), made_run(tmp_path / "two", CAUSES["code"][0])
    (two / "flags.csv").unlink()
    assert verify.first_difference(one, two, "flags.csv") == "flags.csv, which is only in the run"


def test_a_run_is_made_again_with_the_settings_it_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(made: dict[str, Any]) -> None:
        made["settings"]["lists.review"] = 20
        made["command"] = "ringfence run --settings FILE"

    asked: list[Options] = []
    run = made_run(tmp_path / "one", changed)

    def again(options: Options) -> Outcome:
        asked.append(options)
        return Outcome(run, unchanged=False, quarantined=0)

    monkeypatch.setattr(verify, "run", again)
    assert verify.verify(run) == 1
    assert asked[0].settings == load_settings(also="lists.review = 20")


def test_diff_names_every_cause_and_says_that_they_cannot_be_told_apart(tmp_path: Path) -> None:
    one = made_run(tmp_path / "one")
    two = made_run(tmp_path / "two", lambda made: [CAUSES[name][0](made) for name in ("input", "library")])  # type: ignore[func-returns-value]
    row = Change("E06000001", "W1", "Anytown", BEFORE, AFTER, diff_causes.because(3, "ro3 2012-13", diff_causes.causes(
        read_manifest(one), read_manifest(two))))  # fmt: skip
    found = Changes(
        run_told(read_manifest(one)),
        run_told(read_manifest(two)),
        causes=tuple(diff_causes.causes(read_manifest(one), read_manifest(two))),
        changes=(row,),
    )
    lines = lines_of(found)
    assert lines[1:3] == ["cause: an input differs: rs.csv", "cause: a library differs: pandas '3.0.0' -> '3.1.0'"]
    assert (
        "W1 Anytown (E06000001): on no list, says nothing either way -> review list, leans towards replacement; 3 of "
        "its figures changed (ro3 2012-13); beside it: a library (pandas '3.0.0' -> '3.1.0')" in lines
    )
    assert lines[-1].startswith("Several causes differ")


@pytest.mark.parametrize(
    ("changed", "why", "told"),
    [(3, ["an input differs: rs.csv"], "3 of its figures changed (ro3 2012-13)"),
     (0, ["an input differs: rs.csv"], "none of its figures changed, so it was the figures of other areas"),
     (0, ["a setting differs: lists.review 15 -> 20"],
      "none of its figures changed, so it was a setting (lists.review 15 -> 20)"),
     (0, ["the code or reference data differs", "a library differs: x"],
      "none of its figures changed, so it was the code or reference data or a library (x)"),
     (0, ["a library differs: x, y"], "none of its figures changed, so it was a library"),
     (0, ["the code or reference data differs: expectations/suites", "a suite of checks differs: rs RS-1 gone"],
      "none of its figures changed, so it was a suite of checks (rs RS-1 gone)"),
     (0, [], "none of its figures changed")],
)  # fmt: skip
def test_what_can_have_moved_a_result_is_told_cause_by_cause(changed: int, why: list[str], told: str) -> None:
    assert diff_causes.because(changed, "ro3 2012-13", why) == told
