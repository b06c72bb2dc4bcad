"""The image of the container file, built from Debian's packages and the wheel, and tried: laid out, run, and asked.

In: a wheel, and the tools debootstrap and buildah. Out: the image `localhost/ringfence`, in which the whole job ran.
Nothing is taken from an image registry; packages come from the lock file, by hash. Needs root, for debootstrap.

    python tests/release/image.py WHEEL
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "examples" / "Containerfile"
BELOW = ROOT / "build" / "image"
SUITE = os.environ.get("DEBIAN_SUITE", "bookworm")
NEEDED = "python3-minimal,libpython3-stdlib"
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
NAME = "ringfence"
# Without a container service and in a container itself: no namespaces are asked for.
BUILDAH = {"BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"}


def done(*words: str | Path) -> str:
    """Do something else's work; what it printed. Ends where it fails."""
    command = [str(word) for word in words]
    told = subprocess.run(command, env={**BUILDAH, **os.environ}, capture_output=True, text=True, check=False)
    if told.returncode:
        raise SystemExit(f"{' '.join(command[:3])} ...: {told.stdout[-1000:]}{told.stderr[-2000:]}")
    return told.stdout.strip()


def base(root: Path) -> str:
    """A minimal Debian with its Python, once. Returns the version of that Python, such as 3.11."""
    if not (root / "usr" / "bin" / "python3").is_symlink():
        shutil.rmtree(root, ignore_errors=True)
        done("debootstrap", "--variant=minbase", f"--include={NEEDED}", SUITE, root)
        shutil.rmtree(root / "var" / "cache" / "apt", ignore_errors=True)
    return (root / "usr" / "bin" / "python3").readlink().name.removeprefix("python")


def needed_lock(to: Path) -> Path:
    """The part of the lock file that the program itself needs."""
    parts = runpy.run_path(str(ROOT / "tests" / "dependencies" / "sbom.py"))
    required = {part["name"] for part in json.loads(parts["bill"]())["components"] if part["scope"] == "required"}
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / parts["LOCK"]).read_text(encoding="utf-8"))
    names = {entry: re.match(r"[A-Za-z0-9._-]+", entry) for entry in entries}
    kept = [entry for entry, name in names.items() if name and parts["plain"](name[0]) in required]
    to.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return to


def program(wheel: Path, folder: Path, version: str) -> None:
    """The locked packages and the wheel in one folder, for the Python of the image."""
    shutil.rmtree(folder, ignore_errors=True)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "-qq",
        "install",
        "--no-deps",
        "--target",
        folder,
    ]
    tags = ["--implementation", "cp", "--python-version", version]
    tags += [word for tag in (f"cp{version.replace('.', '')}", "abi3", "none") for word in ("--abi", tag)]
    tags += [word for platform in PLATFORMS for word in ("--platform", platform)]
    lock = needed_lock(BELOW / "runtime.lock")
    done(*pip, *tags, "--only-binary", ":all:", "--require-hashes", "--no-compile", "-r", lock)
    done(*pip, "--no-index", "--no-compile", wheel)
    shutil.rmtree(folder / "bin", ignore_errors=True)  # scripts that name the Python of this machine
    done("python" + version if shutil.which("python" + version) else sys.executable, "-m", "compileall", "-q", folder)


def main(wheel: Path) -> None:
    """Build it and try it."""
    if missing := [tool for tool in ("buildah", "debootstrap") if not shutil.which(tool)]:
        raise SystemExit(f"{' and '.join(missing)} not found: apt-get install buildah debootstrap")
    BELOW.mkdir(parents=True, exist_ok=True)
    version = base(BELOW / "root")
    program(wheel, BELOW / "program", version)
    done("buildah", "bud", "--quiet", "--tag", NAME, "--file", FILE, "--ignorefile", "/dev/null", BELOW)
    made = done("buildah", "from", f"localhost/{NAME}")
    told = json.loads(done("buildah", "inspect", made))["OCIv1"]["config"]
    try:
        for arguments in (["--version"], told["Cmd"], ["doctor"], ["explain", "Wiltshire"]):
            print("$ " + " ".join([NAME, *arguments]), flush=True)
            print(
                done("buildah", "run", "--workingdir", told["WorkingDir"], made, "--", *told["Entrypoint"], *arguments)
            )
    finally:
        done("buildah", "rm", made)
    print(f"Image localhost/{NAME}, Python {version} of Debian {SUITE}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
