"""Whatever goes wrong with a file on its way is refused or named, or changes no figure: never silence."""

from __future__ import annotations

from pathlib import Path

import judge
import judge_payments
import payment_changes
import pytest
import return_changes
from made_files import made_return, write_xlsx

SHORT = return_changes.CHANGES[::2]
"""Every other change of a return: `make mutate` does all of them, on originals too where they are."""


@pytest.fixture(scope="module")
def sound_return(tmp_path_factory: pytest.TempPathFactory) -> judge.Seen:
    folder = tmp_path_factory.mktemp("sound")
    (folder / "returns").mkdir()
    write_xlsx(made_return(), folder / "returns" / "return.xlsx")
    return judge.sound(folder / "returns", folder / "tables")


@pytest.fixture(scope="module")
def sound_payments(tmp_path_factory: pytest.TempPathFactory) -> judge_payments.Paid:
    folder = tmp_path_factory.mktemp("sound-payments")
    return judge_payments.sound(folder / "files", folder / "ledger")


def test_there_are_at_least_forty_ways_and_twelve_of_them_for_payments() -> None:
    of_returns, of_payments = ([one.name for one in room.CHANGES] for room in (return_changes, payment_changes))
    assert len(of_returns) == len(set(of_returns)) >= 40
    assert len(of_payments) == len(set(of_payments)) >= 12


@pytest.mark.parametrize("change", SHORT, ids=[one.name for one in SHORT])
def test_a_changed_return_is_equal_refused_or_named(
    change: return_changes.Change, sound_return: judge.Seen, tmp_path: Path
) -> None:
    (tmp_path / "returns").mkdir()
    change.write(made_return(), tmp_path / "returns")
    found = judge.judge(tmp_path / "returns", tmp_path / "tables", sound_return)
    assert found.outcome in change.right, found
    assert found.outcome == "equal" or found.said


@pytest.mark.parametrize("change", payment_changes.CHANGES, ids=[one.name for one in payment_changes.CHANGES])
def test_a_changed_file_of_payments_is_equal_refused_or_named(
    change: payment_changes.PaymentChange, sound_payments: judge_payments.Paid, tmp_path: Path
) -> None:
    (tmp_path / "files" / judge_payments.BODY).mkdir(parents=True)
    change.write(payment_changes.payments(), tmp_path / "files" / judge_payments.BODY)
    found = judge_payments.judge(tmp_path / "files", tmp_path / "ledger", sound_payments)
    assert found.outcome in change.right, found
