"""Commands about runs and the installation: verify, sign, diff, prune, doctor, settings.

In: parsed arguments. Out: answers, or what would be written. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from audit.api.environment import from_environment
from audit.commands.line.options import (
    FOLDER_OF_ANSWERS,
    FOLDER_OF_PAYMENTS,
    FOLDER_OF_RETURNS,
    OWN_SETTINGS,
    RUN,
    TABLE_OF_TRANSFERS,
    add_out,
    add_settings,
)
from pipelines.errors import EXIT_INPUT, EXIT_OK
from pipelines.processes.count_arguments import none_or_more
from pipelines.told import Planned, Told, does


def add_commands(commands: Any) -> None:
    """Declare the commands about runs and what runs them."""
    verify = commands.add_parser("verify")
    does(verify, _verify)
    verify.add_argument("run", type=Path, metavar="RUN", help=RUN)
    verify.add_argument("--returns", type=Path, metavar="DIR", help=FOLDER_OF_RETURNS)
    verify.add_argument("--payments", type=Path, metavar="DIR", help=FOLDER_OF_PAYMENTS)
    verify.add_argument("--transfers", type=Path, metavar="FILE", help=TABLE_OF_TRANSFERS)
    verify.add_argument("--answers", type=Path, metavar="DIR", help=FOLDER_OF_ANSWERS)
    verify.add_argument("--settings", type=Path, metavar="FILE", help=OWN_SETTINGS)
    signed = "list of who may sign (OpenSSH's allowed signers); a run that none of them signed ends with 14"
    verify.add_argument("--signed-by", type=Path, metavar="FILE", help=signed)
    sign = commands.add_parser("sign")
    does(sign, _sign, _plan_sign)
    sign.add_argument("run", type=Path, metavar="RUN", help=RUN)
    sign.add_argument("--key", type=Path, metavar="FILE", required=True, help="key, or public key held by an agent")
    diff = commands.add_parser("diff")
    does(diff, _diff, _plan_diff)
    diff.add_argument("before", type=Path, metavar="RUN1", help="folder of the run before the change")
    diff.add_argument("after", type=Path, metavar="RUN2", help="folder of the run after it")
    diff.add_argument("--html", type=Path, metavar="FILE", help="write the changes as a page as well")
    diff.add_argument("--all", action="store_true", help="print every amount that moved, not only the largest moves")
    prune = commands.add_parser("prune")
    does(prune, _prune, _plan_prune)
    add_out(prune)
    prune.add_argument("--keep", type=none_or_more, default=10, metavar="N", help="how many of the newest runs to keep")
    doctor = commands.add_parser("doctor")
    does(doctor, _doctor)
    add_out(doctor)
    for name, text in (("returns", FOLDER_OF_RETURNS), ("payments", FOLDER_OF_PAYMENTS)):
        given = from_environment(name.upper())
        doctor.add_argument(f"--{name}", type=Path, default=given, metavar="DIR", help=text)
    settings = commands.add_parser("settings")
    does(settings, _settings)
    add_settings(settings)


def _verify(asked: argparse.Namespace) -> Told:
    from audit.commands.sign_run import check_signature
    from audit.run.verify import verify

    run = asked.run.resolve()
    signer = check_signature(run, asked.signed_by) if asked.signed_by else None
    compared = verify(
        run,
        returns=asked.returns,
        payments=asked.payments,
        settings=asked.settings,
        transfers=asked.transfers,
        answers=asked.answers,
        workers=os.cpu_count() or 1,
    )
    lines = [f"Signed by {signer}."] if signer else []
    lines.append(f"The same bytes: {compared} files of run {run.name} were made again and compared.")
    return Told({"files_compared": compared, "signed_by": signer}, lines, run=run.name)


def _sign(asked: argparse.Namespace) -> Told:
    from audit.commands.sign_run import sign_run

    made = sign_run(asked.run.resolve(), asked.key)
    return Told({"written": [made]}, [f"Signed: {made}"], run=made.parent.name)


def _plan_sign(asked: argparse.Namespace) -> Planned:
    from audit.commands.sign_run import signature_of

    place = signature_of(asked.run.resolve(), asked.key)
    return Planned([(place, "the signature")], run=place.parent.name)


def _diff(asked: argparse.Namespace) -> Told:
    from audit.account.changed_words import lines_of
    from audit.commands.diff_runs import compare
    from audit.commands.run_said import changes_content

    found = compare(asked.before.resolve(), asked.after.resolve())
    if asked.html is not None:
        from pipelines.lasting import write_text
        from reports.site.changes_page import changes_page

        write_text(asked.html, changes_page(found))
    content = {**changes_content(found), "written": [asked.html] if asked.html else []}
    return Told(content, lines_of(found, all_of_it=asked.all), run=found.after.run_id)


def _plan_diff(asked: argparse.Namespace) -> Planned:
    from audit.run.verify import read_run

    for run in (asked.before, asked.after):
        read_run(run.resolve())
    return Planned([(asked.html, "the changes as a page")] if asked.html else [])


def _prune(asked: argparse.Namespace) -> Told:
    from audit.run.publish import prune
    from audit.run.run import RUNS
    from pipelines.processes.run_lock import hold

    out = asked.out or RUNS
    with hold(out):
        removed = prune(out, keep=asked.keep)
    line = f"{len(removed)} runs removed" + (": " + ", ".join(removed) if removed else "")
    return Told({"removed": removed}, [line])


def _plan_prune(asked: argparse.Namespace) -> Planned:
    from audit.run.publish import prunable
    from audit.run.run import RUNS

    return Planned(removes=prunable(asked.out or RUNS, keep=asked.keep))


def _doctor(asked: argparse.Namespace) -> Told:
    from audit.commands.doctor import found_about
    from audit.run.payment_stage import EMBEDDED_PAYMENTS
    from audit.run.run import RUNS
    from pipelines.load.load import EMBEDDED

    out, payments = (asked.out or RUNS).absolute(), asked.payments or EMBEDDED_PAYMENTS
    told = found_about(out, asked.returns or EMBEDDED, payments)
    healthy = all(fine for _, fine in told)
    end = "A run can start." if healthy else "A run would not get through; see the lines above."
    content = {"can_start": healthy, "found": [{"said": line, "fine": fine} for line, fine in told]}
    return Told(content, [*(line for line, _ in told), end], code=EXIT_OK if healthy else EXIT_INPUT)


def _settings(asked: argparse.Namespace) -> Told:
    from dataclasses import asdict

    from audit.account.publisher import refuse_publisher
    from audit.settings import load_settings, own_settings
    from pipelines.processes.engine import CLUSTER

    settings, defaults = own_settings(asked.settings), load_settings()
    refuse_publisher(settings.values)
    changed, cluster = settings.changed_from(defaults), os.environ.get(CLUSTER, "")
    lines = [
        f"{key} = {value!r}" + (f"   (default {defaults.values.get(key)!r})" if key in changed else "")
        for key, value in settings.values.items()
    ]
    lines += [
        f"window {window.name}: {window.label}; base {', '.join(window.base)}; years {', '.join(window.years)}"
        for window in settings.windows
    ]
    lines.append(f"cluster = {cluster!r}   (from {CLUSTER}: where work is done, so no part of a run's id)")
    content = {
        "settings": settings.values,
        "changed": {key: defaults.values.get(key) for key in changed if key in settings.values},
        "windows": [asdict(window) for window in settings.windows],
        "cluster": cluster,
    }
    return Told(content, lines)
