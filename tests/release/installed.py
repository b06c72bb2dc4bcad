"""A wheel installed into a fresh environment, and tried in an empty folder: laid out, run, and asked.

In: a wheel, and a Python whose packages are used, so that nothing is downloaded. Out: the command of the fresh
environment. Fails where the command does.

    python tests/release/installed.py WHEEL [PYTHON]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

WHERE = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
NAME = "wörk of the 'audit' office"
"""A folder with what folders have: blanks, a quote, letters beyond ASCII."""


def install(wheel: Path, folder: Path, *, python: str = sys.executable) -> Path:
    """Make an environment in `folder` that sees the packages of `python`; install the wheel. Returns the command."""
    told = subprocess.run([python, "-c", WHERE], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True)
    fresh = folder / "bin" / "python"
    own = subprocess.run([fresh, "-c", WHERE], capture_output=True, text=True, check=True).stdout.strip()
    Path(own, "packages_beside.pth").write_text(told + "\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "-qq", "--python", str(fresh)]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    return folder / "bin" / "ringfence"


def main(wheel: Path, python: str = sys.executable) -> None:
    """Install and try it, in a folder that is removed again."""
    with tempfile.TemporaryDirectory(prefix="ringfence-installed-") as scratch:
        command = install(wheel.absolute(), Path(scratch, "environment"), python=python)
        empty = Path(scratch, NAME)
        empty.mkdir()
        for arguments in (
            ("--version",),
            ("init", "working"),
            ("run", "--home", "working"),
            ("doctor", "--home=working"),
        ):
            print("$ ringfence " + " ".join(arguments), flush=True)
            subprocess.run([str(command), *arguments], cwd=empty, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
