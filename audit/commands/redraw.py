"""The pages of a published run drawn again: swapped in one step, and recorded in its manifest.

In: the folder of a run. Out: its site, and its manifest with the hashes of the new pages where another version of the
pages drew them. Refuses a folder that is no run, and (VerificationError) a run whose manifest or tables were changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from audit.run import manifest, publish
from audit.run.verify import need_run
from pipelines import lasting
from pipelines.processes.run_lock import hold_folder
from pipelines.recorded import hashes, plain_files, record_text, signed

SITE = "site/"


def run_to_draw(folder: Path) -> Path:
    """The run itself, whatever link leads to it, its tables as they were published.

    Raises InputError for what is no run, VerificationError for one that was changed.
    """
    run = folder.resolve()
    need_run(run)
    publish.tidy_run(run)
    return run_to_read(run)


def run_to_read(folder: Path) -> Path:
    """The same, as it stands: what a killed command left in it is not put right first."""
    run = folder.resolve()
    need_run(run)
    manifest.read_whole(run)
    return run


def site_is_whole(run: Path) -> bool:
    """Whether every page is there with the bytes that the manifest records."""
    return not manifest.differences(run, manifest.read_manifest(run), below=SITE, every_byte=True)


def redraw(run: Path, *, script: bool = True) -> int:
    """Draw the site of a run again, with `script` or without. Returns the number of its files.

    Raises LockedError while another command does.
    """
    from reports.site.render import render_site

    with hold_folder(run):
        (run / SITE).mkdir(exist_ok=True)  # so that the new site is exchanged for it
        drawn = len(render_site(run, script=script))
        if not site_is_whole(run):
            _record_site(run, manifest.read_manifest(run))
    return drawn


def _record_site(run: Path, content: dict[str, Any]) -> None:
    """Say in the manifest what the pages are now; of all else it says what it said, its time of publication too."""
    found: dict[str, dict[str, Any]] = {"outputs": hashes(run / SITE), "sizes": plain_files(run / SITE)}
    for key, files in found.items():
        rest = {name: told for name, told in content[key].items() if not name.startswith(SITE)}
        content[key] = rest | {SITE + name: told for name, told in files.items()}
    place = run / manifest.MANIFEST
    part, told = lasting.part_of(place), place.stat()
    part.write_text(record_text(signed({**content, "drawn_again_by": manifest.distribution_version()})), "utf-8")
    os.utime(part, ns=(told.st_atime_ns, told.st_mtime_ns))
    lasting.put_in_place(part, place)
