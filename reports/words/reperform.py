"""How to do a run again: its version, settings, command, the hashes that pair an input with its original, where the
originals are, and who published the run.

In: a run's manifest and table `source_file`. Out: pairs of words. Says what the run does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.words.narrative import count_of, plain_code
from reports.words.published_by import publisher_pairs
from reports.words.read_run import Run
from reports.words.view_models import Pair

RUN = "ringfence run"
FOLDER = "FOLDER"
VERIFY = "ringfence verify"


def command_words(run: Run) -> str:
    """The command that made the run, and the one that does it again and compares every byte."""
    made = str(run.manifest.get("command") or "")
    if not made.startswith(RUN):
        return made or "not stated"
    options = made.removeprefix(RUN)
    folder = "" if "--out" in options else f" --out {FOLDER}"
    return f"{made}{folder}, which ends with the run above; {VERIFY} {FOLDER}/{run.run_id}{options} compares every byte"


def inputs_words(run: Run) -> str:
    """How many inputs the manifest lists, where they are, and how they pair with the originals."""
    inputs: Sequence[Mapping[str, Any]] = run.manifest.get("inputs") or ()
    listed = {str(item.get("sha256")) for item in inputs}
    if not listed:
        return "not stated"
    rows = run.rows("source_file")
    paired = sum(str(row["input_sha256"]) in listed for row in rows)
    place = "in the folders the command names" if "--" in str(run.manifest.get("command") or "") else "in this version"
    return (
        f"{count_of(len(inputs), 'file', 'files')} {place}, with sha256 in manifest.json; among them those read for "
        f"{paired:,} of {count_of(len(rows), 'publication', 'publications')}, originals or extracts. Sources gives "
        "both hashes."
    )


def originals_words(run: Run) -> str:
    """Where the originals are: how many publications have the address of their publisher's page."""
    rows = run.rows("source_file")
    held = sum(bool(row.get("landing_page")) for row in rows)
    return (
        "Each publication by publisher, title, year and release, with its publisher's page for "
        f"{held:,} of {count_of(len(rows), 'file', 'files')}."
    )


def _own_pairs(manifest: Mapping[str, Any]) -> tuple[Pair, ...]:
    """What the user declared beside what is shipped, and in its place; nothing where there is none."""
    own: Any = manifest.get("own_declarations") or {}
    told = "; ".join(f"{name}, {how}" for name, how in sorted(own.items()) if not name.endswith("/columns.csv"))
    return (Pair("Declared by whoever made the run", told),) if told else ()


def method_pairs(run: Run) -> tuple[Pair, ...]:
    """Versions, settings that differ from the defaults, and how the run is done again."""
    manifest = run.manifest
    changed: Any = manifest.get("settings_changed") or {}
    told = ""
    if isinstance(changed, dict):
        told = "; ".join(f"{plain_code(str(name))}: {value}" for name, value in sorted(changed.items()))
    return (
        Pair("Run", run.run_id),
        Pair("ringfence version", str(manifest.get("version", "not stated"))),
        Pair("Code", f"sha256 {manifest['code']}" if manifest.get("code") else "not stated"),
        Pair("Method version", str(manifest.get("method_version", "not stated"))),
        Pair("Settings that differ from the defaults", told or "none"),
        *_own_pairs(manifest),
        Pair("Re-perform with", command_words(run)),
        Pair("Inputs", inputs_words(run)),
        Pair("Originals", originals_words(run), href="sources.html"),
        *publisher_pairs(manifest),
    )
