"""A wrong check stops a whole run before anything is published, and says in which file and line it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audit.commands.cli import main
from expectations.suite import suite

EMBEDDED = Path(__file__).resolve().parents[2] / "data" / "returns"
ENTRY = """- code: RS-MADE-UP
  type: {type}
  kwargs: {kwargs}
  severity: critical
  on_failure: stop
  because: No council of this test spends more than that.
  reference: none
  added_by: data team
  review_by: 2028-03
"""


@pytest.mark.parametrize(
    ("type", "kwargs", "code", "said"),
    [
        (
            "sum_betwen",
            "{column: education_nce_gbp_thousand, max_value: 1}",
            10,
            "suites/rs.yaml, line 2: unknown type",
        ),
        ("sum_between", "{column: education_nce_gbp_thousand, max_value: 1}", 12, "RS-MADE-UP"),
    ],
)
def test_a_wrong_or_failing_critical_check_publishes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    type: str,  # the key of the entry
    kwargs: str,
    code: int,
    said: str,
) -> None:
    suites, returns, out = tmp_path / "suites", tmp_path / "returns", tmp_path / "runs"
    suites.mkdir()
    returns.mkdir()
    (suites / "rs.yaml").write_text(ENTRY.format(type=type, kwargs=kwargs), encoding="utf-8")
    for name in ("rs_2012-13", "rs_2013-14", "ro3_2013-14"):
        for ending in (".csv", ".csv-metadata.json"):
            shutil.copy(EMBEDDED / f"{name}{ending}", returns / f"{name}{ending}")
    monkeypatch.setattr(suite, "SUITES", suites)
    assert main(["run", "--returns", str(returns), "--out", str(out), "--quiet"]) == code
    assert said in capsys.readouterr().err
    assert not (out / "latest").exists()
    assert not [path for path in out.glob("*/manifest.json")]
