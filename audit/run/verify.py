"""Re-perform a run and compare every byte; say what differs between two manifests, cause by cause.

In: folders of published runs. Out: differences in words. A run that cannot be reproduced is named with the first file
that differs and the likely cause: an input, a setting, the code, or a library.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from audit.account.causes import causes
from audit.run import manifest
from audit.run.payment_stage import EMBEDDED_PAYMENTS
from audit.run.publish import tidy_run
from audit.run.run import Options, run
from audit.settings import recorded_settings
from expectations.running.history import HISTORY
from pipelines.errors import InputError, Place, VerificationError
from pipelines.load.load import EMBEDDED
from pipelines.working_folder import in_force, serving


def need_run(folder: Path) -> None:
    """Raise InputError when the folder is no run."""
    if not os.path.lexists(folder / "manifest.json"):
        raise InputError("this is not a run", place=Place(str(folder)), expected="a folder with manifest.json")


def read_run(folder: Path) -> dict[str, Any]:
    """The manifest of a published run whose tables are as it says. Raises InputError when the folder is none.

    Raises VerificationError when the manifest or a table was changed.
    """
    need_run(folder)
    return manifest.read_whole(folder)


TOLD = ("counts", "settings_changed", "method_version", "command", "earlier_runs")
"""What a manifest says beside the hashes, and a run made again must say too."""


def first_difference(one: Path, other: Path, name: str) -> str:
    """A file that two runs do not have alike, with the first byte and line at which it differs."""
    if not (one / name).is_file() or not (other / name).is_file():
        return f"{name}, which is only in {'the run' if (one / name).is_file() else 'the run made again'}"
    before, after = (one / name).read_bytes(), (other / name).read_bytes()
    at = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    if b"\0" in before[:1000]:
        return f"{name} at byte {at + 1:,}"
    return f"{name} at byte {at + 1:,}, line {before[:at].count(10) + 1:,}"


def verify(
    folder: Path,
    *,
    returns: Path | None = None,
    payments: Path | None = None,
    settings: Path | None = None,
    transfers: Path | None = None,
    answers: Path | None = None,
    workers: int = 2,
) -> int:
    """Re-perform the run at `folder` and compare every file. Returns the number of files compared.

    Raises VerificationError with the first difference and its likely cause.
    """
    need_run(folder)
    tidy_run(folder)
    content = manifest.read_manifest(folder)
    needed = {"--returns": returns, "--payments": payments, "--transfers": transfers, "--answers": answers}
    made_with = {option for option in (*needed, "--home") if option in content["command"]}
    for option in made_with & {*needed}:
        needed[option] = needed[option] or serving(option.removeprefix("--").upper())
    for option, given in {**needed, "--home": in_force()}.items():
        if option in made_with and given is None:
            raise InputError(
                f"the run was made with {option}",
                place=Place(str(folder)),
                expected=f"{option} with what it was made from",
                do=f"Give {option} to verify.",
            )
    content = manifest.read_whole(folder, below="")
    with tempfile.TemporaryDirectory(prefix="ringfence-verify-") as scratch:
        options = Options(
            returns=needed["--returns"] or EMBEDDED,
            payments=needed["--payments"] or EMBEDDED_PAYMENTS,
            out=Path(scratch),
            settings=settings or recorded_settings(content["settings"]),
            transfers=needed["--transfers"],
            answers=needed["--answers"],
            accept_revisions=content.get("accepted_revisions"),
            workers=workers,
            quiet=True,
            history=folder.absolute() / "tables" / f"{HISTORY}.parquet",
        )
        made = run(options).folder
        again = manifest.read_manifest(made)
        different = sorted(
            name
            for name in {*content["outputs"], *again["outputs"]}
            if content["outputs"].get(name) != again["outputs"].get(name)
        )
        told = [name for name in TOLD if content.get(name) != again.get(name)]
        if told and not different:
            raise VerificationError(
                f"every file is the same, but its manifest says something else of '{told[0]}'",
                place=Place(str(folder)),
                expected="what the run made again says",
                do=manifest.BACK_UP,
            )
        if different:
            why = "; ".join(causes(content, again)) or "none of inputs, settings, code and libraries differs"
            raise VerificationError(
                f"{len(different)} of {len(content['outputs'])} files differ, "
                f"first {first_difference(folder, made, different[0])}",
                place=Place(str(folder)),
                expected="the same bytes from the same inputs, settings, code and libraries",
                do=f"Likely cause: {why}.",
            )
    return len(content["outputs"])
