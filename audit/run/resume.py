"""What need not be done again: a run that stands and is whole; stages of a killed run whose files have their hashes.

In: the folder a run would be published in, and its working folder. Out: the files it lacks, or the counts of a stage.
Refuses (VerificationError) a run that stands there altered: it is never written over. A mark of a stage that does not
fit the files is worth nothing: the stage is done again.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from audit.run import manifest, publish
from pipelines import lasting
from pipelines.errors import Place, VerificationError
from pipelines.payments.ledger.put_in_place import READY
from pipelines.recorded import BACK_UP, file_hash, hashes

MARKS = ".stages"
PRINTED = "site/manifest.json"
NOT_RESULTS = ("log.jsonl",)


def _results(work: Path) -> dict[str, str]:
    return {name: digest for name, digest in hashes(work, but=NOT_RESULTS).items() if not name.startswith(MARKS)}


def begin(work: Path) -> None:
    """Make the working folder, or clean what a killed run left half-written in it."""
    (work / "tables").mkdir(parents=True, exist_ok=True)
    (work / MARKS).mkdir(exist_ok=True)
    for part in (*sorted(work.rglob("*.part")), *work.glob(f"tables/{READY}")):  # and payments not yet put in place
        lasting.remove(part)


def mark(work: Path, stage: str, counts: dict[str, Any]) -> None:
    """Record that `stage` is done, with its counts and the hash of every file there is."""
    text = json.dumps({"counts": counts, "files": _results(work)})
    temporary = work / MARKS / f"{stage}.part"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(work / MARKS / f"{stage}.json")


def done(work: Path, stage: str) -> dict[str, Any] | None:
    """Counts of a stage that is done and whose files are all as it left them, else None."""
    path = work / MARKS / f"{stage}.json"
    if not path.is_file():
        return None
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:  # power was lost before it was on the disk
        return None
    found = _results(work)
    same = all(found.get(name) == digest for name, digest in recorded["files"].items())
    counts: dict[str, Any] = recorded["counts"]
    return counts if same else None


def start_again(work: Path) -> None:
    """Forget everything a killed run left: none of its marks fits."""
    shutil.rmtree(work, ignore_errors=True)
    begin(work)


def end(work: Path) -> None:
    """Remove the marks: a published run does not need them."""
    shutil.rmtree(work / MARKS)


def missing_parts(folder: Path) -> tuple[str, ...] | None:
    """Files the run at `folder` lacks, by presence, kind and size; None where no run stands there.

    Raises VerificationError, with the first differences, where something in it was changed or added.
    """
    publish.tidy(folder.parent, folder)
    return lacking(folder)


def lacking(folder: Path) -> tuple[str, ...] | None:
    """The same of a folder as it stands, without putting right first what a killed command left in it."""
    if not (folder / manifest.MANIFEST).is_symlink() and not publish.is_run(folder):
        return (manifest.MANIFEST,) if folder.is_dir() else None
    content = manifest.read_manifest(folder)
    found = manifest.differences(folder, content, every_byte=False)
    altered = found.altered
    if not found and file_hash(folder / PRINTED) != content["outputs"].get(PRINTED):
        altered = (f"{PRINTED} was changed",)
    if altered:
        raise VerificationError(
            f"the run stands there already, but not as it was published: {'; '.join(altered[:3])}",
            place=Place(str(folder)),
            expected="the files in its manifest, with their sizes",
            do=f"{BACK_UP} Nothing was changed now.",
        )
    return found.missing
