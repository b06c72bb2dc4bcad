"""Commands about runs and the installation: verify, diff, prune, doctor, settings.

In: parsed arguments. Out: an exit code. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from audit.commands.main_job import (
    FOLDER_OF_ANSWERS,
    FOLDER_OF_PAYMENTS,
    FOLDER_OF_RETURNS,
    OWN_SETTINGS,
    TABLE_OF_TRANSFERS,
    add_out,
    from_environment,
)
from pipelines.errors import EXIT_INPUT, EXIT_OK
from pipelines.processes.count_arguments import none_or_more
from pipelines.processes.engine import CLUSTER


def add_commands(commands: Any) -> None:
    """Declare the commands about runs and what runs them."""

    def add(name: str, text: str, handler: Any) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        made.set_defaults(handler=handler)
        return made

    verify = add("verify", "re-perform a run and compare every byte", _verify)
    verify.add_argument("run", type=Path, metavar="RUN", help="folder of a run")
    verify.add_argument("--returns", type=Path, metavar="DIR", help=FOLDER_OF_RETURNS)
    verify.add_argument("--payments", type=Path, metavar="DIR", help=FOLDER_OF_PAYMENTS)
    verify.add_argument("--transfers", type=Path, metavar="FILE", help=TABLE_OF_TRANSFERS)
    verify.add_argument("--answers", type=Path, metavar="DIR", help=FOLDER_OF_ANSWERS)
    verify.add_argument("--settings", type=Path, metavar="FILE", help=OWN_SETTINGS)
    signed = "list of who may sign (OpenSSH's allowed signers); a run that none of them signed ends with 14"
    verify.add_argument("--signed-by", type=Path, metavar="FILE", help=signed)
    sign = add("sign", "sign a run with a key of OpenSSH; the signature lies beside its manifest", _sign)
    sign.add_argument("run", type=Path, metavar="RUN", help="folder of a run")
    sign.add_argument("--key", type=Path, metavar="FILE", required=True, help="key, or public key held by an agent")
    diff = add("diff", "say which results changed between two runs, and why", _diff)
    diff.add_argument("before", type=Path, metavar="RUN1")
    diff.add_argument("after", type=Path, metavar="RUN2")
    diff.add_argument("--html", type=Path, metavar="FILE", help="write the changes as a page as well")
    prune = add("prune", "remove old runs, never the latest or a pinned one", _prune)
    add_out(prune)
    prune.add_argument("--keep", type=none_or_more, default=10, metavar="N", help="how many of the newest runs to keep")
    doctor = add("doctor", "report environment, versions, disk, lock, runs and unreadable inputs", _doctor)
    add_out(doctor)
    doctor.add_argument(
        "--returns", type=Path, default=from_environment("RETURNS"), metavar="DIR", help=FOLDER_OF_RETURNS
    )
    doctor.add_argument(
        "--payments", type=Path, default=from_environment("PAYMENTS"), metavar="DIR", help=FOLDER_OF_PAYMENTS
    )
    settings = add("settings", "print every setting, and mark what differs from the default", _settings)
    settings.add_argument(
        "--settings", type=Path, default=from_environment("SETTINGS"), metavar="FILE", help=OWN_SETTINGS
    )


def _verify(asked: argparse.Namespace) -> int:
    from audit.commands.sign_run import check_signature
    from audit.run.verify import verify

    if asked.signed_by:
        print(f"Signed by {check_signature(asked.run.resolve(), asked.signed_by)}.")
    compared = verify(
        asked.run.resolve(),
        returns=asked.returns,
        payments=asked.payments,
        settings=asked.settings,
        transfers=asked.transfers,
        answers=asked.answers,
        workers=os.cpu_count() or 1,
    )
    print(f"The same bytes: {compared} files of run {asked.run.resolve().name} were made again and compared.")
    return EXIT_OK


def _sign(asked: argparse.Namespace) -> int:
    from audit.commands.sign_run import sign_run

    print(f"Signed: {sign_run(asked.run.resolve(), asked.key)}")
    return EXIT_OK


def _diff(asked: argparse.Namespace) -> int:
    from audit.account.changed_results import lines_of
    from audit.commands.diff_runs import compare

    found = compare(asked.before.resolve(), asked.after.resolve())
    print("\n".join(lines_of(found)))
    if asked.html is not None:
        from pipelines.lasting import write_text
        from reports.site.changes_page import changes_page

        write_text(asked.html, changes_page(found))
    return EXIT_OK


def _prune(asked: argparse.Namespace) -> int:
    from audit.run.publish import prune
    from audit.run.run import RUNS
    from pipelines.processes.run_lock import hold

    out = asked.out or RUNS
    with hold(out):
        removed = prune(out, keep=asked.keep)
    print(f"{len(removed)} runs removed" + (": " + ", ".join(removed) if removed else ""))
    return EXIT_OK


def _doctor(asked: argparse.Namespace) -> int:
    from audit.commands.doctor import lines_about
    from audit.run.payment_stage import EMBEDDED_PAYMENTS
    from audit.run.run import RUNS
    from pipelines.load.load import EMBEDDED

    out, payments = (asked.out or RUNS).absolute(), asked.payments or EMBEDDED_PAYMENTS
    told, healthy = lines_about(out, asked.returns or EMBEDDED, payments)
    print("\n".join(told))
    print("A run can start." if healthy else "A run would not get through; see the lines above.")
    return EXIT_OK if healthy else EXIT_INPUT


def _settings(asked: argparse.Namespace) -> int:
    from audit.account.publisher import refuse_publisher
    from audit.settings import load_settings, own_settings

    settings, defaults = own_settings(asked.settings), load_settings()
    refuse_publisher(settings.values)
    changed = settings.changed_from(defaults)
    for key, value in settings.values.items():
        print(f"{key} = {value!r}" + (f"   (default {defaults.values.get(key)!r})" if key in changed else ""))
    for window in settings.windows:
        print(f"window {window.name}: {window.label}; base {', '.join(window.base)}; years {', '.join(window.years)}")
    print(f"cluster = {os.environ.get(CLUSTER, '')!r}   (from {CLUSTER}: where work is done, so no part of a run's id)")
    return EXIT_OK
