"""The identity of a run and its record: inputs, settings, code and libraries, and the counts that came out. No clock.

In: paths and settings. Out: a run id (a hash, so the same inputs, settings and code give the same id) and
`manifest.json`, which holds the hash of every file and of itself. Refuses (VerificationError) a manifest that is empty,
was changed, or is another run's.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from audit.account.publisher import of_publisher
from audit.settings import Settings, load_settings
from pipelines import __version__, recorded
from pipelines.declarations.method_version import refuse_other_method
from pipelines.errors import Place, VerificationError
from pipelines.places import PACKAGED, REFERENCE, ROOT
from pipelines.recorded import BACK_UP

PACKAGES = ("audit", "expectations", "pipelines", "reports")
LISTS = "data/reference"
"""The name of the reference data in the hash of the code, wherever they lie."""
CODE_SUFFIXES = (".py", ".toml", ".csv", ".yaml", ".html", ".css", ".js", ".json", ".txt")
LIBRARIES = (
    "great-expectations", "jinja2", "joblib", "numpy", "pandas", "pyarrow", "python-calamine", "scikit-learn", "scipy",
)  # fmt: skip
SIGNATURE = "manifest.json.sig"
PATHS = ("transfer.file", "inputs.answers")
"""Settings that name a file or folder of inputs."""
MANIFEST = "manifest.json"
LOG = "log.jsonl"
CHANGES = "changes.html"
SUMMARY = "summary.txt"
UNHASHED = (MANIFEST, SIGNATURE, LOG, CHANGES, SUMMARY)
"""Files of a run that its manifest does not hash: itself, its signature, the log with its times, what changed since
the run before, whichever that was, and the summary, which tells of both.
"""
DECIDING = ("inputs", "settings", "code", "libraries")
HELD = ("run_id", *DECIDING, "counts", "outputs", "sizes")


def _code_files() -> dict[str, Path]:
    """Everything of ours that can change a result, by name: code, declarations, templates and reference data.

    The same names in a clone and installed, where the reference data lie elsewhere. What a user declares is an input.
    """
    found = {path.relative_to(ROOT).as_posix(): path for name in PACKAGES for path in (ROOT / name).rglob("*")}
    found = {name: path for name, path in found.items() if not path.is_relative_to(PACKAGED)}
    found |= {f"{LISTS}/{path.relative_to(REFERENCE).as_posix()}": path for path in REFERENCE.rglob("*")}
    ours = ((name, path) for name, path in found.items() if path.suffix in CODE_SUFFIXES)
    return dict(sorted((name, path) for name, path in ours if "__pycache__" not in path.parts))


def code_hash() -> str:
    """SHA-256 over everything of ours that can change a result; the same in a clone and installed."""
    digest = hashlib.sha256()
    for name, path in _code_files().items():
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def code_rooms() -> dict[str, str]:
    """The start of the same by room, such as `audit/method`: which of them differs between two runs."""
    digests: dict[str, Any] = {}
    for name, path in _code_files().items():
        digest = digests.setdefault("/".join(name.split("/")[:-1][:2]), hashlib.sha256())
        digest.update(name.encode() + path.read_bytes())
    return {room: digest.hexdigest()[:16] for room, digest in digests.items()}


def library_versions() -> dict[str, str]:
    """Versions of the libraries whose change could move a figure, and of Python, which rounds sums."""
    return {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **{name: metadata.version(name) for name in LIBRARIES},
    }


def distribution_version() -> str:
    """Version of the program."""
    return __version__


def settings_record(settings: Settings) -> dict[str, Any]:
    """Every setting by its dotted key, and the windows, as plain values.

    Of a file or folder of inputs only its name: where it stood changes nothing, and hashes are among the inputs.
    """
    named = {key: Path(str(settings[key])).name for key in PATHS}
    return {**settings.values, **named, "window": [asdict(window) for window in settings.windows]}


def settings_changed(settings: Settings) -> dict[str, Any]:
    """What differs from the defaults, by dotted key, windows key by key too; `left out` is a window that is gone.

    Who publishes the run is no part of it: that changes no result.
    """
    ours, defaults = (_by_key(settings_record(made)) for made in (settings, load_settings(None)))
    gone = {key: "left out" for key in defaults if key not in ours}
    changed = {key: value for key, value in ours.items() if key not in defaults or defaults[key] != value}
    return {key: value for key, value in (gone | changed).items() if not of_publisher(key)}


def _by_key(record: dict[str, Any]) -> dict[str, Any]:
    windows = {f"window.{window['name']}.{key}": window[key] for window in record["window"] for key in window}
    return {key: value for key, value in record.items() if key != "window"} | windows


def run_id(inputs: list[dict[str, str]], settings: dict[str, Any]) -> str:
    """Sixteen hexadecimal characters over inputs, settings, code and libraries.

    Names count: they are printed beside the figures, and the folder of a payment file says whose it is.
    """
    return recorded_id({"inputs": inputs, "settings": settings, "code": code_hash(), "libraries": library_versions()})


def recorded_id(content: dict[str, Any]) -> str:
    """The id of the run that a manifest tells of, from what it says decided the run."""
    known = {name: content[name] for name in DECIDING}
    known["inputs"] = sorted((item["file_name"], item["sha256"]) for item in content["inputs"])
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]


def outputs(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a run but those that its manifest does not hash."""
    return recorded.hashes(folder, but=UNHASHED)


def write_manifest(folder: Path, content: dict[str, Any]) -> dict[str, Any]:
    """Write `manifest.json` under a temporary name, then rename: with the hash of itself, and of every file there.

    Returns what it holds.
    """
    files = {"outputs": outputs(folder), "sizes": recorded.plain_files(folder, but=UNHASHED)}
    made, temporary = recorded.signed({**content, **files}), folder / "manifest.json.part"
    temporary.write_text(recorded.record_text(made), encoding="utf-8")
    temporary.replace(folder / MANIFEST)
    return made


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder. Raises VerificationError where it was changed, or is not of this folder's run."""
    try:
        content = recorded.read_record(folder / MANIFEST)
    except recorded.UnsignedError as error:
        if "method_version" in error.content:  # of a version before manifests held a hash of themselves
            refuse_other_method(error.content, Place(str(folder)))
        raise
    absent = [name for name in HELD if name not in content]
    own = "" if absent else recorded_id(content)
    name = folder.resolve().name
    if absent:
        what = f"the manifest says nothing of '{absent[0]}'"
    elif content["run_id"] != own:
        what = f"the manifest says run {content['run_id']}, but what decides a run's id gives {own}"
    elif name != own:
        what = f"the folder is called {name}, but holds run {own}"
    else:
        return content
    raise VerificationError(
        what, place=Place(str(folder)), expected="the folder of a run as it was published", do=BACK_UP
    )


def differences(folder: Path, content: dict[str, Any], *, below: str = "", every_byte: bool) -> recorded.Differences:
    """What of a run, or of its part `below`, is not as its manifest says: presence, kind and size, or every byte."""
    but, may = ((), ()) if below else ((MANIFEST, LOG), (SIGNATURE, CHANGES, SUMMARY))
    return recorded.differences(
        folder, content["outputs"], content["sizes"], but=but, may=may, below=below, every_byte=every_byte
    )


def read_whole(folder: Path, *, below: str = "tables/", every_byte: bool = True) -> dict[str, Any]:
    """The manifest of a run whose tables, or other part `below`, are all there and as it says.

    Raises VerificationError naming what is not: no page may be drawn and nothing compared from it.
    """
    content = read_manifest(folder)
    if found := differences(folder, content, below=below, every_byte=every_byte):
        raise VerificationError(
            f"the run is not as it was published: {found}",
            place=Place(str(folder)),
            expected="the files and bytes in its manifest",
            do=BACK_UP,
        )
    return content
