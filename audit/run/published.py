"""Whether a run that stands already is whole: asked before a repeat says that nothing has changed.

In: the folder a run would be published in. Out: the names of files that are not there, so that the run is made again,
or none. Refuses (VerificationError) a run whose manifest or files are not what was published: it is never written over.
"""

from __future__ import annotations

from pathlib import Path

from audit.run import manifest, publish
from pipelines.errors import Place, VerificationError
from pipelines.recorded import BACK_UP, file_hash

PRINTED = "site/manifest.json"


def missing_parts(folder: Path) -> tuple[str, ...] | None:
    """Files the run at `folder` lacks, by presence, kind and size; None where no run stands there.

    Raises VerificationError, with the first differences, where something in it was changed or added.
    """
    publish.tidy(folder.parent, folder)
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
