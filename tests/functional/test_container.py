"""The container file without a container: every instruction is understood, its commands exist, and what it copies is
enough to set up and start the program. Only the base image itself is taken on trust.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "examples" / "Containerfile"
KNOWN = ("FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "VOLUME", "ENTRYPOINT", "CMD")
IN_THE_BASE = {"apt-get", "rm", "useradd", "install"}  # Debian's own, in every image of that line


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in text.splitlines() if line.strip()]


def of(name: str) -> list[str]:
    return [argument for instruction, argument in instructions() if instruction == name]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that stands for the root of the image after COPY: what git knows of, nothing else."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("needs a clone")
    root = tmp_path_factory.mktemp("image")
    place = root / of("WORKDIR")[0].lstrip("/")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    return root


def test_every_instruction_is_known_and_in_an_order_that_builds():
    names = [name for name, _ in instructions()]
    assert set(names) <= set(KNOWN)
    assert names[0] == "FROM"
    assert re.fullmatch(r"docker\.io/library/python:3\.11-slim", of("FROM")[0])
    assert names.index("WORKDIR") < names.index("COPY") < names.index("USER") < names.index("ENTRYPOINT")
    assert of("COPY") == [". ."]


def test_every_command_of_a_build_step_is_in_the_base_image_or_installed_by_it():
    installed: set[str] = set()
    for step in of("RUN"):
        assert subprocess.run(["bash", "-n", "-c", step], check=False).returncode == 0
        for command in step.split(" && "):
            words = shlex.split(command)
            assert words[0] in IN_THE_BASE | installed, words
            if words[:2] == ["apt-get", "install"]:
                installed |= {word for word in words[2:] if not word.startswith("-")}
    assert installed == {"make"}


def test_the_user_and_the_folder_of_runs_are_made_before_they_are_named():
    step = next(step for step in of("RUN") if "useradd" in step)
    (user,) = of("USER")
    assert shlex.split(step.split("useradd")[1].split("&&")[0])[-1] == user
    made = shlex.split(step.split("&& install")[1])
    assert made == ["--directory", f"--owner={user}", of("VOLUME")[0]]
    assert f"RINGFENCE_OUT={of('VOLUME')[0]}" in of("ENV")


def test_the_folder_step_does_what_it_says(tmp_path: Path):
    step = next(step for step in of("RUN") if "useradd" in step)
    folder = tmp_path / "var" / "runs"
    options = [word for word in shlex.split(step.split("&& install")[1]) if word == "--directory"]
    subprocess.run(["install", *options, f"--owner={os.getuid()}", str(folder)], check=True)
    assert folder.is_dir()


def test_what_is_copied_is_enough_for_the_build_step(image: Path):
    place = image / of("WORKDIR")[0].lstrip("/")
    (step,) = [step for step in of("RUN") if step.startswith("make ")]
    command = [*shlex.split(step), "--dry-run", f"PYTHON={sys.executable}"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "-r requirements.lock" in done.stdout
    assert "--editable ." in done.stdout
    assert not (place / ".venv").exists()


def test_what_is_copied_starts_with_the_entry_point_and_the_command(image: Path, tmp_path: Path):
    place = image / of("WORKDIR")[0].lstrip("/")
    (entry,) = json.loads(of("ENTRYPOINT")[0])
    program = place / Path(entry).relative_to(of("WORKDIR")[0])
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{place}" exec "{sys.executable}" -m audit.commands.cli "$@"\n')
    program.chmod(0o755)
    out = tmp_path / "runs"
    clean = {"PATH": os.environ["PATH"], "RINGFENCE_OUT": str(out), "PYTHONDONTWRITEBYTECODE": "1"}
    arguments = json.loads(of("CMD")[0])
    told = subprocess.run(
        [program, *arguments, "--help"], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("usage: ringfence run")
    doctor = subprocess.run([program, "doctor"], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert f"folder of runs: {out}" in doctor.stdout
    assert f"returns: {place / 'data' / 'returns'}" in doctor.stdout
