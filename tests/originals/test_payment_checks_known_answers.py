"""The known faults of published payment files are caught by a check of the suite; skipped where the files are not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from expectations.running.check_payments import check_payments
from pipelines.declarations.parquet import read_table
from pipelines.payments.load.load_payments import load_payments

PAYMENTS = Path(__file__).resolve().parents[3] / "shared" / "payments"
pytestmark = [
    pytest.mark.originals,
    pytest.mark.skipif(
        not PAYMENTS.is_dir(), reason="the payment files are not beside the repository (../shared/payments)"
    ),
]
SEL = "ccg/nhs-south-east-london-ccg/SEL 10 - January.pdf"
SWL = "ccg/nhs-south-west-london-ccg/SWL 01 - April.pdf"
NEWF = "ccg/nhs-waltham-forest-ccg/NEWF 07 - October.pdf.csv"
DEVON = "council/devon/DCCSpendingOver500_2020"
WARWICKSHIRE = "council/warwickshire/all-"
LAMBETH = "council/lambeth/20"
KNOWN = [
    (SEL + ".csv", "PAYF-SLID"),
    (SEL + ".csv", "PAYF-REFUSED"),
    (SWL + ".csv", "PAYF-DATES"),
    (NEWF, "PAYF-SWAPPED"),
    (WARWICKSHIRE + "aug-2013.csv", "PAYF-DOUBLED"),
    (WARWICKSHIRE + "aug-2013.csv", "PAYF-BLOCK"),
    (DEVON + "01.csv", "PAYF-BLOCK"),
    ("council/manchester-odileeds/2012-03.csv", "PAYF-SIGNS"),
    ("council/salford-odileeds/2022-07.csv", "PAYF-REFUSED"),
    ("council/salford-odileeds/2018-04.csv", "PAYF-TWO-HEADERS"),
    (WARWICKSHIRE + "apr-2013.csv", "PAYF-HEADER"),
    ("council/darlington-odileeds/2013-02.csv", "PAYF-HEADER"),
    (LAMBETH + "12-06-payments.csv", "PAYF-HEADER"),
    (LAMBETH + "12-06-payments.csv", "PAYF-ASIDE"),
    (LAMBETH + "11-08-payments.csv", "PAYF-TOTALS"),
    ("council/oxford/expenditure-over-500-apr-jun-2014.csv", "PAYF-DATES"),
    ("council/hyndburn/Sept-25-CVS.csv", "PAYF-HEADER"),
    ("council/hyndburn/Sept-25-CVS.csv", "PAYF-ENCODING"),
    ("council/manchester/Manchester September 2014.xls", "PAYF-FORM"),
    ("council/stockport/Stockport September 2014.xls", "PAYF-DATES"),
    ("council/bolton/expenditure-over-500-for-april-2012", "PAYF-FORM"),
    ("council/northtyneside-odileeds/2015-09_i.csv", "PAYF-REPEATS"),
]
BESIDE = (SEL, SWL, WARWICKSHIRE + "august-2013-corrected.csv", DEVON + "02.csv", "council/manchester/mar-2012.csv")
SOUND = ("council/devon/DCCSpendingOver500_202002.csv", "council/manchester/mar-2012.csv")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("payments")
    for name in sorted({*BESIDE, *(name for name, _ in KNOWN)}):
        (folder / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PAYMENTS / name, folder / "in" / name)
    load_payments(folder / "in", folder / "out", workers=2)
    check_payments(folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def marked(ledger: Path) -> set[tuple[str, str]]:
    lines = read_table(ledger, "check_mark").to_dict("records")
    return {(str(line["record_id"]), str(line["check_code"])) for line in lines}


@pytest.mark.parametrize(("name", "code"), KNOWN)
def test_a_known_fault_is_caught_by_a_check(marked: set[tuple[str, str]], name: str, code: str) -> None:
    assert (name, code) in marked


@pytest.mark.parametrize("name", SOUND)
def test_the_sound_file_beside_it_is_not_marked(marked: set[tuple[str, str]], name: str) -> None:
    assert {code for file, code in marked if file == name} == set()


def test_only_one_file_is_doubled_and_genuine_repeats_are_not(marked: set[tuple[str, str]]) -> None:
    assert {name for name, code in marked if code == "PAYF-DOUBLED"} == {WARWICKSHIRE + "aug-2013.csv"}


def test_nothing_critical_is_found_and_every_check_was_run(ledger: Path) -> None:
    results = read_table(ledger, "check_result")
    critical = results[results["severity"] == "critical"]
    assert set(critical["code"]) >= {"PAYF-ACCOUNT", "PAYF-REASON", "PAYF-PRIVATE", "STR-PAYMENT-KEY"}
    assert set(critical["outcome"]) == {"passed"}
    assert not set(results["outcome"]) & {"errored", "not run"}
