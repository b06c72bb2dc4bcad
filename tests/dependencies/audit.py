"""Look up every locked package for known weaknesses, and say plainly when that could not be done.

In: `requirements.lock` (or the files named). Out: exit code 1 with what was found; 0 with the number of packages looked
up; where the advisory service cannot be reached, 0 with NOT AUDITED, or 2 with `--must`. Nothing is installed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 15
OPTIONS = ("--require-hashes", "--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json")


def locked(files: list[Path]) -> set[str]:
    """Names of the packages in lock files, as the service writes them."""
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    found = (re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", one[1]).lower() for one in found if one}


def look_up(files: list[Path]) -> list[dict[str, Any]]:
    """What the service says of each package; nothing where it did not answer."""
    named = [part for path in files for part in ("--requirement", str(path))]
    command = [sys.executable, "-m", "pip_audit", *OPTIONS, "--timeout", str(SECONDS), *named]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    try:
        return json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return []


def verdict(wanted: set[str], answers: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """(exit code, lines): 1 for a weakness, 2 where a package was not looked up, 0 when all were and none has any."""
    known = {re.sub(r"[-_.]+", "-", one["name"]).lower(): one for one in answers if "skip_reason" not in one}
    lines = [
        f"{name} {one['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'nothing yet'}"
        for name, one in sorted(known.items())
        for weakness in one.get("vulns", [])
    ]
    missing = sorted(wanted - set(known))
    if missing:
        lines.append(
            f"NOT AUDITED: {len(missing)} of {len(wanted)} locked packages could not be looked up "
            f"(no answer from the advisory service), first {missing[0]}. Run this where the service can be reached."
        )
    if any(one.get("vulns") for one in known.values()):
        return 1, lines
    return (2, lines) if missing else (0, [f"{len(wanted)} locked packages looked up: no known weakness"])


def main(arguments: list[str]) -> int:
    """Look up and tell. Packages not looked up are a failure only with `--must`."""
    files = [Path(name) for name in arguments if name != "--must"] or [ROOT / "requirements.lock"]
    code, lines = verdict(locked(files), look_up(files))
    print("\n".join(lines), file=sys.stderr if code else sys.stdout)
    return 0 if code == 2 and "--must" not in arguments else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
