"""Change returns and payment files in every way declared, and print what happened to each: `make mutate`.

In: nothing, or the folder of published originals beside the repository. Out: a table of changes, with what is right and
what happened; `--write` puts the part that needs no original into `docs/mutations.md`. Ends with 1 when a change passed
in silence that must not.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

import judge  # noqa: E402
import judge_payments  # noqa: E402
import payment_changes  # noqa: E402
import return_changes  # noqa: E402
from made_files import Return, made_return, original, write_xlsx  # noqa: E402

ORIGINALS = HERE.parents[2] / "shared" / "returns" / "revenue_outturn"
WORKBOOKS = {"ro3_2012-13.xls": "RO3 LA Data 2012-13", "rs_2015-16.xlsx": "RS LA Data 2015-16"}
PAGE = HERE.parents[1] / "docs" / "mutations.md"
Line = tuple[str, str, str, str, bool]
"""What was changed, what is right, what happened, who said so, and whether it is right."""


def over_returns(base: Return) -> Iterator[Line]:
    """Every change of a return."""
    with tempfile.TemporaryDirectory(prefix="ringfence-mutate-") as scratch:
        folder, tables = Path(scratch, "returns"), Path(scratch, "tables")
        folder.mkdir()
        write_xlsx(base.copy(), folder / "return.xlsx")
        before = judge.sound(folder, tables)
        for change in return_changes.CHANGES:
            for one in (folder, tables):
                shutil.rmtree(one)
            folder.mkdir()
            change.write(base.copy(), folder)
            found = judge.judge(folder, tables, before)
            yield change.name, " or ".join(change.right), found.outcome, found.by, found.outcome in change.right
            tables.mkdir(exist_ok=True)


def over_payments() -> Iterator[Line]:
    """Every change of a file of payments."""
    with tempfile.TemporaryDirectory(prefix="ringfence-mutate-") as scratch:
        before = judge_payments.sound(Path(scratch, "sound"), Path(scratch, "sound-ledger"))
        for number, change in enumerate(payment_changes.CHANGES):
            folder = Path(scratch, str(number))
            (folder / judge_payments.BODY).mkdir(parents=True)
            change.write(payment_changes.payments(), folder / judge_payments.BODY)
            found = judge_payments.judge(folder, Path(scratch, f"{number}-ledger"), before)
            yield change.name, " or ".join(change.right), found.outcome, found.by, found.outcome in change.right


def as_table(lines: list[Line]) -> list[str]:
    """Lines of Markdown."""
    made = ["| change | right | happened | said by |", "|---|---|---|---|"]
    return made + [f"| {what} | {right} | {found} | {by} |" for what, right, found, by, _ in lines]


def page(returns: list[Line], payments: list[Line]) -> str:
    """The page of the docs."""
    return "\n".join(
        [
            "# Changed on its way: what happens to a file that is wrong",
            "",
            "Written by `make mutate ARGS=--write`. A sound file is changed in one way, loaded, set against the",
            "embedded figures and checked. *Equal*: the same figures are read. *Refused*: nothing is published; the",
            "run ends with 11 or 12. *Named*: published, and what differs is said on the pages and in the summary.",
            "Nothing may pass in silence. Where the originals lie",
            "beside the repository, `make mutate` does the same to them.",
            "",
            f"## A return ({len(returns)} changes)",
            "",
            *as_table(returns),
            "",
            f"## A file of payments ({len(payments)} changes)",
            "",
            *as_table(payments),
            "",
        ]
    )


def main(arguments: list[str]) -> int:
    """Print the tables; 1 when a change did not end as it must."""
    returns, payments = list(over_returns(made_return())), list(over_payments())
    print(page(returns, payments))
    wrong = [line for line in (*returns, *payments) if not line[-1]]
    for name, sheet in WORKBOOKS.items():
        if (ORIGINALS / name).is_file():
            lines = list(over_returns(original(ORIGINALS / name, sheet)))
            print("\n".join([f"## The original {name}", "", *as_table(lines), ""]), flush=True)
            wrong += [line for line in lines if not line[-1]]
        else:
            print(f"The original {name} is not beside the repository (../shared/returns): passed over.")
    if "--write" in arguments:
        PAGE.write_text(page(returns, payments), encoding="utf-8")
    for what, right, found, by, _ in wrong:
        print(f"WRONG: {what}: {found} ({by}), not {right}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
