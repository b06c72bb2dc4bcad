"""Every check on the rows of the ledger of payments, in one reading of it.

In: the checks on table `payment` (derived ones and those of Great Expectations' types), counts that checks on files
want, and the run's `Frames`. Out: one `Outcome` per check. Memory does not grow with the ledger: of a piece are kept
counts and the rows that fail, of which only so many are listed. A check that sets rows aside and fails more rows than
are listed is *errored*: so many rows at fault mean a damaged ledger or a wrong check, and nothing is set aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from expectations.domain.payment_counts import Count
from expectations.domain.payment_ledger import LEDGER, LayoutError, bodies, over_pieces
from expectations.domain.structural_runs import RUNNERS
from expectations.gx.candidates import LISTED, Counted, Run, count_piece, judged, needed, only_listed
from expectations.gx.in_arrow import FAILING, SUMMARY
from expectations.records.checks import (
    ERRORED,
    NOT_RUN,
    PASSED,
    QUARANTINE,
    Check,
    Finding,
    Found,
    NotRunError,
    Outcome,
    judge,
)
from expectations.records.table_frames import Frames, arrow_compute
from pipelines.errors import DefinitionError, Place

HIDDEN = "(not repeated here)"
ALONE = frozenset({"declared_columns", "partitions_present"})
"""Derived checks that no row can break."""
START = 12
"""So many characters of a record id name its file: ids of other files cannot be equal to it."""


@dataclass
class Seen:
    """What the checks came to in one piece of the ledger, or in all of them."""

    rows: int = 0
    found: dict[str, Found] = field(default_factory=dict[str, Found])
    failing: Counter[str] = field(default_factory=Counter[str])
    raised: dict[str, str] = field(default_factory=dict[str, str])
    counted: Counted = field(default_factory=Counted)
    counts: dict[str, Counter[Any]] = field(default_factory=dict[str, Counter[Any]])
    starts: list[str] = field(default_factory=list[str])


def refuse_types(checks: Iterable[Check]) -> None:
    """Raise DefinitionError for a check on the rows of the ledger that cannot be judged piece by piece."""
    for check in checks:
        if check.table == LEDGER and check.origin == "gx" and check.type not in (*FAILING, *SUMMARY):
            raise DefinitionError(
                f"'{check.type}' cannot be told piece by piece, and table '{LEDGER}' is never in memory as a whole",
                place=Place(check.file, line=check.line or None),
                expected="one of " + ", ".join(sorted([*FAILING, *SUMMARY])),
            )


def run_rows(checks: Iterable[Check], counts: Iterable[Count], frames: Frames, run: Run) -> tuple[Outcome, ...]:
    """Outcomes of `checks` in their order; `frames.counted` holds the counts. Never raises for what the ledger holds.

    `run` runs checks of Great Expectations' types on a small table.
    """
    checks, counts = list(checks), list(counts)
    library = [check for check in checks if check.origin == "gx"]
    derived = [check for check in checks if check.origin == "structural"]
    declared = frames.declared[LEDGER]
    columns = [*needed(library, declared), "source_file", *(name for count in counts for name in count.columns),
               *(str(check.kwargs["column"]) for check in derived if "column" in check.kwargs)]  # fmt: skip

    def work(piece: Any) -> Seen:
        return _see(piece, derived, library, counts, declared)

    whole = Seen(counts={count.name: Counter() for count in counts})
    owners: dict[str, int] = {}
    shared: set[str] = set()
    try:
        for number, part in enumerate(over_pieces(frames, columns, work)):
            _add(whole, part)
            shared.update(start for start in part.starts if owners.setdefault(start, number) != number)
        if whole.rows == 0:
            raise NotRunError("the ledger of payments has no rows")
        for check in derived:
            if check.type == "key_unique" and shared:
                _add_repeats(whole, check, RUNNERS[check.type](_same_file(frames, shared), declared, check))
            elif check.type == "partitions_present":
                whole.found[check.code] = _bodies_present(frames)
    except NotRunError as reason:
        return tuple(Outcome(check, NOT_RUN, detail=str(reason)) for check in checks)
    except LayoutError as reason:
        wrong = judge(checks[0], Found(1, 0, (), str(reason), failed_without_rows=True))
        return tuple(
            replace(wrong, check=check) if check.type in ALONE
            else Outcome(check, NOT_RUN, detail="the ledger cannot be read: " + str(reason)) for check in checks
        )  # fmt: skip
    frames.counted.update(whole.counts)
    outcomes = {check.code: _outcome(check, whole) for check in derived}
    outcomes.update(judged(library, whole.counted, declared, run))
    return tuple(_settled(outcomes[check.code]) for check in checks)


def _see(piece: Any, derived: list[Check], library: list[Check], counts: list[Count], declared: Any) -> Seen:
    seen = Seen(piece.num_rows, counted=count_piece(library, piece, declared))
    for check in derived:
        try:
            found = _judge(check, piece, declared)
            seen.failing[check.code] = len(found.findings)
            seen.found[check.code] = replace(found, findings=found.findings[:LISTED])
        except Exception as error:  # a check at fault is errored, which stops the run
            seen.raised[check.code] = f"the check raised {type(error).__name__}: {error}"
    seen.counts = {count.name: count.of(piece) for count in counts}
    starts = arrow_compute().utf8_slice_codeunits(piece.column("record_id"), 0, START).unique()
    seen.starts = [str(start) for start in starts.to_pylist() if start]
    return seen


def _judge(check: Check, piece: Any, declared: Any) -> Found:
    if check.type in ALONE:
        return Found(piece.num_rows, detail=f"{len(declared.columns)} columns")
    if check.type == "key_unique" and len(piece.column("record_id").unique()) == piece.num_rows:
        return Found(piece.num_rows)
    return RUNNERS[check.type](piece, declared, check)


def _add(whole: Seen, part: Seen) -> None:
    whole.rows += part.rows
    for code, found in part.found.items():
        held = whole.found.get(code, Found(0))
        whole.found[code] = Found(
            held.rows_seen + found.rows_seen,
            held.rows_without_value + found.rows_without_value,
            (*held.findings, *found.findings)[:LISTED] if found.findings else held.findings,
            found.detail,
        )
    whole.failing.update(part.failing)
    whole.raised = {**part.raised, **whole.raised}
    whole.counted.add(part.counted)
    for name, count in part.counts.items():
        whole.counts[name].update(count)


def _add_repeats(whole: Seen, check: Check, again: Found) -> None:
    """Records that stand in two pieces of the ledger, beside those that stand twice in one."""
    every = {item.record_id: item for item in (*whole.found[check.code].findings, *again.findings)}
    whole.found[check.code] = Found(whole.rows, 0, tuple(every.values())[:LISTED])
    whole.failing[check.code] = max(whole.failing[check.code], len(every))


def _bodies_present(frames: Frames) -> Found:
    """Every body that has rows by the record of its files has a folder in the ledger, and no other has."""
    if frames.folder is None or LEDGER in frames.held:
        raise NotRunError("the ledger is not in folders")
    files = [row for row in frames.arrow("payment_file").to_pylist() if row["rows_kept"]]
    kept = {(str(row["body_type"]), str(row["body_name"])) for row in files if not row.get("bodies")}
    more = {_pair(text) for row in files if row.get("bodies") for text in str(row["bodies"]).split(" | ")}
    there = bodies(frames.folder)
    wrong = [f"no rows of {name} ({kind}), which has some" for kind, name in sorted(kept - there)]
    wrong += [f"rows of {name} ({kind}), which no file gave" for kind, name in sorted(there - kept - more)]
    told = "; ".join(wrong) or f"{len(there)} bodies"
    return Found(max(len(kept | there), 1), 0, (), told, failed_without_rows=bool(wrong))


def _pair(text: str) -> tuple[str, str]:
    kind, _, name = text.partition(" ")
    return kind, name


def _same_file(frames: Frames, starts: set[str]) -> Any:
    """The record ids that begin as given: those of a file that stands in several pieces."""
    import pyarrow as pa

    pc = arrow_compute()
    wanted = pa.array(sorted(starts))

    def ours(piece: Any) -> Any:
        return piece.filter(pc.is_in(pc.utf8_slice_codeunits(piece.column("record_id"), 0, START), value_set=wanted))

    return pa.concat_tables(over_pieces(frames, ["record_id"], ours))


def _outcome(check: Check, whole: Seen) -> Outcome:
    if check.code in whole.raised:
        return Outcome(check, ERRORED, detail=whole.raised[check.code])
    found, failing = whole.found[check.code], whole.failing[check.code]
    made = judge(check, found)
    if failing <= len(found.findings):
        return made
    return replace(made, rows_failed_in_all=failing, detail=only_listed(len(found.findings), failing))


def _settled(outcome: Outcome) -> Outcome:
    """No payee's name is repeated; nothing is set aside where not every row is known."""
    if outcome.rows_failed_in_all is not None and outcome.check.on_failure == QUARANTINE:
        told = f"{outcome.rows_failed_in_all:,} rows fail, too many to set aside: the ledger or the check is wrong"
        outcome = replace(outcome, outcome=ERRORED, detail=told)
    if outcome.outcome in (PASSED, NOT_RUN) or not str(outcome.check.kwargs.get("column", "")).startswith("supplier_"):
        return outcome
    return replace(outcome, findings=tuple(map(_hidden, outcome.findings)))


def _hidden(finding: Finding) -> Finding:
    reason = finding.reason.replace(finding.value, HIDDEN) if finding.value else finding.reason
    return replace(finding, value=HIDDEN, reason=reason)
