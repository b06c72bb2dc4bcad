"""The dependency audit finds what is weak, and never passes off as looked up what was not."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "dependencies" / "audit.py"
audit = runpy.run_path(str(SCRIPT))
WEAK = {"name": "B_two", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
SOUND = {"name": "a", "version": "1", "vulns": []}
UNKNOWN = {"name": "a", "skip_reason": "Dependency not found on PyPI and could not be audited: a (1)"}


@pytest.mark.parametrize(
    ("answers", "code", "told"),
    [([SOUND, {**WEAK, "vulns": []}], 0, "2 locked packages looked up: no known weakness"),
     ([SOUND, WEAK], 1, "b-two 2: CVE-1, mended in 3"),
     ([UNKNOWN, WEAK], 1, "NOT AUDITED: 1 of 2"),
     ([UNKNOWN], 2, "NOT AUDITED: 2 of 2"),
     ([], 2, "NOT AUDITED: 2 of 2")],
)  # fmt: skip
def test_a_package_counts_as_audited_only_when_the_service_answered_for_it(answers, code, told):
    found, lines = audit["verdict"]({"a", "b-two"}, answers)
    assert found == code
    assert told in "\n".join(lines)


def test_every_locked_package_is_asked_for():
    names = audit["locked"]([SCRIPT.parents[2] / "requirements.lock"])
    assert {"pandas", "pyarrow", "great-expectations", "pip-audit"} <= names
    assert len(names) > 50


def test_where_the_service_does_not_answer_it_is_said_and_can_be_made_to_fail(tmp_path):
    lock = tmp_path / "made.lock"
    lock.write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    command = [sys.executable, str(SCRIPT), "--must", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "NOT AUDITED: 1 of 1" in done.stderr) == (2, True)
