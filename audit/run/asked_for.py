"""What a run is asked to do, what that decides, and what its manifest will say.

In: options and settings. Out: every input with its hash, the settings in force, the content of the manifest. Refuses
inputs that are not there and settings that are wrong, before anything is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.account.own_declarations import describe_own, say_home, told_own
from audit.account.publisher import refuse_publisher
from audit.account.source_commit import source_commit
from audit.revisions.revision_tables import refuse_reason
from audit.run import manifest
from audit.run.enquiry_stage import answers_folder, describe_answers
from audit.run.load_stage import command_of, describe_inputs
from audit.run.payment_stage import EMBEDDED_PAYMENTS, describe_payments
from audit.run.transfer_stage import describe_transfers, transfer_file
from audit.settings import Settings, load_settings, use
from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.load.load import EMBEDDED
from pipelines.places import DATA

RUNS = DATA / "runs"


@dataclass(frozen=True)
class Options:
    """What the user asked for."""

    returns: Path = EMBEDDED
    payments: Path = EMBEDDED_PAYMENTS
    out: Path = RUNS
    settings: Path | Settings | None = None
    transfers: Path | None = None
    answers: Path | None = None
    workers: int = 2
    quiet: bool = False
    accept_revisions: str | None = None
    """Why figures that differ from those accepted before are right, in the user's words."""
    history: Path | None = None
    """Table `check_history` of a run that is made again; by default the runs in `out` are looked at. Beside it lie the
    tables of revisions.
    """


def decided(options: Options) -> tuple[Settings, list[dict[str, str]]]:
    """The settings, put in force, and every input with its hash: what decides a run beside code and libraries.

    Says which working folder serves, where there is one.
    """
    refuse_reason(options.accept_revisions)
    settings = options.settings if isinstance(options.settings, Settings) else load_settings(options.settings)
    refuse_publisher(settings.values)
    use(settings)
    inputs = describe_inputs(options.returns) + describe_payments(options.payments)
    inputs += describe_transfers(transfer_file(options.transfers, settings))
    inputs += describe_answers(answers_folder(options.answers, settings))
    inputs += describe_own()
    say_home(inputs, quiet=options.quiet)
    return settings, inputs


def manifest_content(
    options: Options, settings: Settings, inputs: list[dict[str, str]], identity: str, counts: dict[str, Any]
) -> dict[str, Any]:
    """What the manifest says: everything needed to do the run again, and nothing that a clock or a machine decides."""
    record = manifest.settings_record(settings)
    return {
        "run_id": identity,
        "version": manifest.distribution_version(),
        "commit": source_commit(),
        "method_version": METHOD_VERSION,
        "settings": record,
        "settings_changed": manifest.settings_changed(settings),
        "inputs": inputs,
        **told_own(inputs),
        "libraries": manifest.library_versions(),
        "code": manifest.code_hash(),
        "code_rooms": manifest.code_rooms(),
        "counts": counts,
        "command": command_of(options.returns, options.transfers, options.answers, settings, inputs),
    }
