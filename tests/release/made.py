"""Source distribution and wheel, built so that the same tree gives the same bytes, and looked through.

In: the clone. Out: in a folder, `ringfence_audit-VERSION.tar.gz` and the wheel built from it: times from the commit,
modes and order fixed, whatever the machine's are. Refused: a wheel that lacks something or holds anything else.

    python tests/release/made.py FOLDER
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("audit", "expectations", "pipelines", "reports")
CARRIED = ("data/payments", "data/reference", "data/returns")
LEFT = (".ci", ".gitignore", "Makefile", "docs", "tests", "requirements-bench.lock", "CONTRIBUTING.md", "SECURITY.md")
"""What a clone holds and a source distribution does not."""
PLACEHOLDER = "https://example.org/"
FILE, FOLDER = 0o644, 0o755


def git(*arguments: str) -> str:
    """What git says of the clone."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def tracked() -> list[str]:
    """The files that git knows of and that are there, without tests and documents."""
    names = [name for name in git("ls-files", "-z").split("\0") if name and (ROOT / name).is_file()]
    return [name for name in names if name not in LEFT and name.split("/")[0] not in LEFT]


def build(kind: str, tree: Path, to: Path, *, epoch: str, commit: str) -> Path:
    """Build "sdist" or "wheel" of a tree with setuptools, without the network. Returns the file."""
    program = (
        f"import sys, os; os.umask(0o022); from setuptools import build_meta; build_meta.build_{kind}(sys.argv[1])"
    )
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch, "RINGFENCE_BUILT_FROM": commit, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-P", "-c", program, str(to)]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    (made,) = to.glob("*.tar.gz" if kind == "sdist" else "*.whl")
    return made


def settled(archive: Path, epoch: int) -> None:
    """Write a source distribution again, sorted, with one time, plain modes and nobody's name."""
    with tarfile.open(archive) as packed:
        held = {
            member.name: (member.isdir(), b"" if member.isdir() else packed.extractfile(member).read())  # type: ignore[union-attr]
            for member in packed.getmembers()
        }
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as packing:
        for name in sorted(held):
            is_folder, content = held[name]
            member = tarfile.TarInfo(name)
            member.type, member.mode = (tarfile.DIRTYPE, FOLDER) if is_folder else (tarfile.REGTYPE, FILE)
            member.size, member.mtime = len(content), epoch
            packing.addfile(member, io.BytesIO(content))
    packed_bytes = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed_bytes, mtime=epoch) as packer:
        packer.write(plain.getvalue())
    archive.write_bytes(packed_bytes.getvalue())


def make(to: Path) -> tuple[Path, Path]:
    """(source distribution, wheel) of the clone as it stands, in `to`; the wheel is built from what the first holds."""
    epoch, commit = git("log", "-1", "--format=%ct").strip(), git("rev-parse", "HEAD").strip()
    to.mkdir(parents=True, exist_ok=True)
    for old in (*to.glob("ringfence_audit-*.tar.gz"), *to.glob("ringfence_audit-*.whl")):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="ringfence-dist-") as scratch:
        tree, first, last = (Path(scratch, name) for name in ("tree", "sdist", "wheel"))
        for name in tracked():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
        source = build("sdist", tree, first, epoch=epoch, commit=commit)
        settled(source, int(epoch))
        with tarfile.open(source) as packed:
            packed.extractall(last, filter="data")
        (unpacked,) = last.iterdir()
        wheel = build("wheel", unpacked, last, epoch=epoch, commit=commit)
        made = tuple(Path(shutil.copyfile(path, to / path.name)) for path in (source, wheel))
    return made[0], made[1]


def wanted() -> set[str]:
    """What a wheel must hold, by what git knows of, beside what it says of itself."""
    names = tracked()
    modules = {name for name in names if name.split("/")[0] in ROOMS} | {"ringfence.py"}
    figures = {f"pipelines/{name}" for name in names if name.startswith(CARRIED)}
    return modules | figures | {"pipelines/data/commit.txt"}


def wrong_with(wheel: Path) -> list[str]:
    """What a wheel lacks, and what it holds that it should not: tests, data at the top, anything git does not know."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.endswith("/")}
        odd = [item.filename for item in archive.infolist() if (item.external_attr >> 16) & 0o022]
    own = {name for name in held if name.split("/")[0].endswith(".dist-info")}
    told = [f"it lacks {name}" for name in sorted(wanted() - held)]
    told += [f"it holds {name}" for name in sorted(held - own - wanted())]
    return told + [f"others may write {name}" for name in odd if name not in own]


def main(to: Path) -> None:
    """Build both, look through the wheel, say what was made."""
    made = make(to)
    if told := wrong_with(made[1]):
        raise SystemExit("the wheel is not as it should be: " + "; ".join(told[:5]))
    for path in made:
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    if PLACEHOLDER in (ROOT / "pyproject.toml").read_text(encoding="utf-8"):
        print("Before it is published: [project.urls] and CITATION.cff still name example.org.")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
