"""Every command in one line: its group, what it does, and the module that declares its options and carries it out.

In: nothing. Out: records, light enough for `--help`. A module of commands is imported when one of its
commands is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

RUN_IT, ASK_IT, LOOK_AFTER_IT, TEST_IT = "run it", "ask it", "look after it", "test it"
GROUPS = (RUN_IT, ASK_IT, LOOK_AFTER_IT, TEST_IT)


class Command(NamedTuple):
    """A command of the first level."""

    name: str
    group: str
    text: str
    module: str


def _of(group: str, module: str, **texts: str) -> Iterator[Command]:
    for name, text in texts.items():
        yield Command(name, group, text, module)


RUNS, STAGES, CHECKS = "audit.commands.runs", "audit.commands.stages", "expectations.commands"
ASKING, ANSWERS, TESTS = "audit.commands.asking", "audit.commands.answers", "audit.commands.evaluation"
COMMANDS = (
    *_of(
        RUN_IT, "audit.commands.init",
        init="lay out a working folder: where your returns, payments, evidence, settings and checks go, with "
        "a page on it",
    ),
    *_of(RUN_IT, "audit.commands.main_job", run="do everything: load, check, audit, report"),
    *_of(RUN_IT, STAGES, load="read a folder of returns into Parquet"),
    *_of(RUN_IT, CHECKS, check="run the checks on loaded tables"),
    *_of(RUN_IT, STAGES, audit="build the panel, score and flag, from checked tables"),
    *_of(RUN_IT, STAGES, report="draw the pages of a run again, or hand them over as PDF, workbook or zip"),
    *_of(
        RUN_IT, "pipelines.payments.load.commands",
        payments="read payment files of any layout into one ledger and trace NHS money in it",
    ),
    *_of(ASK_IT, ASKING, explain="say what the figures say of an area, and why"),
    *_of(ASK_IT, RUNS, diff="say which results and amounts changed between two runs, and why"),
    *_of(ASK_IT, ASKING, sources="say what each file in a folder was taken for, and why, or why it was refused"),
    *_of(
        ASK_IT, "audit.commands.enquiry",
        sample="draw areas to examine, each with a known probability, and say what a sample of each size would tell",
    ),
    *_of(
        ASK_IT, "audit.commands.requests",
        request="write a request pack for each area: workbook, CSV forms, letter and where to look",
    ),
    *_of(
        ASK_IT, ANSWERS,
        answers="check answers to requests: what cannot be used, what differs from the returns, and what the papers "
        "show",
    ),
    *_of(
        LOOK_AFTER_IT, RUNS,
        sign="sign a run with a key of OpenSSH; the signature lies beside its manifest",
        prune="remove old runs, never the latest or a pinned one",
        doctor="report environment, versions, disk, lock, runs and unreadable inputs",
        settings="print every setting, and mark what differs from the default",
    ),
    *_of(LOOK_AFTER_IT, STAGES, extract="write the embedded figures from a folder of published originals"),
    *_of(
        LOOK_AFTER_IT, "audit.commands.add_year",
        **{"add-year": "propose the map column of a new year of a return, and write it when told"},
    ),
    *_of(
        LOOK_AFTER_IT, CHECKS,
        expectations="checks as such: export, import, suggest, history",
        scaffold="write a commented entry to begin with",
    ),
    *_of(
        LOOK_AFTER_IT, "expectations.authoring.quarantine_commands", quarantine="list, show and release rows set aside"
    ),
    *_of(LOOK_AFTER_IT, "audit.commands.line.completion", completion="print what a shell needs to complete commands"),
    *_of(TEST_IT, RUNS, verify="re-perform a run and compare every byte"),
    *_of(
        TEST_IT, TESTS,
        evaluate="plant displacement in the returns, look for it, and write down how well that works",
        injure="plant displacement in a folder of extracts and write the same layout with the truth beside it",
    ),
)  # fmt: skip
BY_NAME = {command.name: command for command in COMMANDS}


def modules_of(words: Iterable[str] | None) -> list[str]:
    """The modules of the commands among `words`, or of all commands for None, each once, in the table's order."""
    wanted = None if words is None else set(words)
    return list(dict.fromkeys(one.module for one in COMMANDS if wanted is None or one.name in wanted))
