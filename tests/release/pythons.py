"""The wheel with every Python it says it works with, as far as they are at hand.

In: a wheel. Out: for each of 3.11 to 3.13 that is found as `python3.X` an environment `.venv-3.X` with the locked
packages, the wheel run in an empty folder, and the unit tests; for the others a line that says they were not tried.

    python tests/release/pythons.py WHEEL
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from installed import main as try_it

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
MINORS = (11, 12, 13)


def environment(python: str, version: str) -> Path:
    """The Python of `.venv-3.X` with the packages of the lock file, set up once for each lock file."""
    folder = ROOT / f".venv-{version}"
    fresh, ready = folder / "bin" / "python", folder / "packages"
    if not ready.exists() or ready.stat().st_mtime < LOCK.stat().st_mtime:
        subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [fresh, "-m", "pip", "--disable-pip-version-check", "--no-input", "-qq", "install", "--require-hashes"]
        subprocess.run([*pip, "--no-deps", "--only-binary", ":all:", "-r", str(LOCK)], check=True)
        ready.touch()
    return fresh


def main(wheel: Path) -> None:
    """Try each; ends with 1 where one fails."""
    failed: list[str] = []
    for version in (f"3.{minor}" for minor in MINORS):
        python = shutil.which(f"python{version}")
        if python is None:
            print(f"Python {version}: not at hand, so not tried", flush=True)
            continue
        fresh = environment(python, version)
        print(f"Python {version}: {python}", flush=True)
        try:
            try_it(wheel, str(fresh))
            tests = [
                fresh,
                "-P",
                "-m",
                "pytest",
                "-q",
                "-n",
                "2",
                "--dist",
                "loadfile",
                "-p",
                "no:benchmark",
                "tests/unit",
            ]
            subprocess.run(tests, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
        except subprocess.CalledProcessError as error:
            failed.append(version)
            print(f"Python {version}: FAILED ({error})", flush=True)
    if failed:
        raise SystemExit(f"failed with Python {', '.join(failed)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
