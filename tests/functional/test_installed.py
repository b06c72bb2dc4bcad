"""The program as a user has it: a wheel in an environment of its own, used in an empty folder.

The folders' names hold blanks, a quote and letters beyond ASCII; home is a folder in which nothing can be written.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from followed_page import BLOCK, LEFT_OUT
from installed import NAME, install
from made import PLACEHOLDER, make, wrong_with

from pipelines import __version__

Command = Callable[..., subprocess.CompletedProcess[str]]
OWN_CHECK = """- code: {code}
  type: expect_column_values_to_be_between
  kwargs: {{column: gdp_deflator, min_value: 0}}
  severity: info
  on_failure: report
  because: A check of the office that looks at every value of the series.
  reference: our own
  added_by: audit office
  review_by: 2030-01
"""


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file below a folder."""
    found = {path: path.lstat() for path in folder.rglob("*") if not path.is_dir()}
    return {path.relative_to(folder).as_posix(): (told.st_size, told.st_mtime_ns) for path, told in found.items()}


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Source distribution and wheel of the tree as it stands."""
    if not (repository / ".git").exists() or not shutil.which("git"):
        pytest.skip("needs a clone: what belongs in a release is what git knows of")
    return make(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def office(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the environment that the wheel is installed in, and nothing else."""
    folder = tmp_path_factory.mktemp("installed") / NAME
    folder.mkdir()
    install(built[1], folder / "the environment")
    return folder


@pytest.fixture
def ringfence(office: Path, tmp_path: Path) -> Iterator[Command]:
    """The installed command. Afterwards the environment is as it was, and nothing was left in the temporary folder."""
    environment, temporary = office / "the environment", tmp_path / "temporary"
    temporary.mkdir()
    (tmp_path / "no-home").touch()
    before = snapshot(environment)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("RINGFENCE_", "PYTHON", "XDG_"))}
    clean |= {"HOME": str(tmp_path / "no-home" / "below-a-file"), "TMPDIR": str(temporary)}

    def run(*arguments: str | Path, at: Path, **more: str) -> subprocess.CompletedProcess[str]:
        command = [str(environment / "bin" / "ringfence"), *map(str, arguments)]
        return subprocess.run(
            command, cwd=at, env={**clean, **more}, capture_output=True, text=True, check=False, timeout=300
        )

    yield run
    assert snapshot(environment) == before, "the installed program was written to"
    assert not [path for path in temporary.iterdir() if not path.name.startswith("joblib_memmapping")]


@pytest.fixture(scope="module")
def begun(office: Path) -> Path:
    """An empty folder beside the environment."""
    folder = office / "a wörking 'place'"
    folder.mkdir()
    return folder


def test_the_same_tree_gives_the_same_bytes_and_nothing_else_is_in_them(
    built: tuple[Path, Path], tmp_path: Path
) -> None:
    before = os.umask(0o077)  # another user's machine
    try:
        again = make(tmp_path / "again")
    finally:
        os.umask(before)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in built]
    assert wrong_with(built[1]) == []
    with zipfile.ZipFile(built[1]) as archive:
        top = {name.split("/")[0] for name in archive.namelist()}
    information = f"ringfence_audit-{__version__}.dist-info"
    assert top == {"audit", "expectations", "pipelines", "reports", "ringfence.py", information}
    with tarfile.open(built[0]) as packed:
        held = {name.partition("/")[2] for name in packed.getnames()}
    assert "data/returns" in held and "setup.py" in held
    assert not {name for name in held if name.split("/")[0] in ("tests", "docs")}
    assert not {name for name in held if name.startswith(("data/runs", "data/raw", "data/evaluation"))}


def test_a_stray_file_in_a_wheel_is_named(built: tuple[Path, Path], tmp_path: Path) -> None:
    stray = Path(shutil.copy(built[1], tmp_path))
    with zipfile.ZipFile(stray, "a") as archive:
        archive.writestr("tests/test_x.py", "")
        archive.writestr("pipelines/data/returns/notes.csv", "")
    assert wrong_with(stray) == ["it holds pipelines/data/returns/notes.csv", "it holds tests/test_x.py"]


def test_without_a_working_folder_the_cure_is_named(ringfence: Command, office: Path, begun: Path) -> None:
    for arguments in (("run",), ("explain", "Wiltshire"), ("prune",), ("sample",), ("evaluate",)):
        done = ringfence(*arguments, at=begun)
        assert done.returncode == 11, done.stdout + done.stderr
        assert "ringfence init FOLDER" in done.stderr and "--home FOLDER" in done.stderr
    told = ringfence("doctor", at=begun)
    assert told.returncode == 11 and "working folder: none" in told.stdout and "ringfence init" in told.stdout
    program = next((office / "the environment").glob("lib/python*/site-packages"))
    for arguments in (
        ("run", "--out", program / "runs"), ("load", "--tables", program / "pipelines" / "tables2"),
        ("init", program / "work"), ("payments", program, "--out", program / "ledger"), ("extract", "."),
        ("scaffold", "check", "rs", "--write"),
    ):  # fmt: skip
        done = ringfence(*arguments, at=begun)
        assert done.returncode == 11, (arguments, done.stdout + done.stderr)
        assert "it lies in the installed program" in done.stderr
    assert list(begun.iterdir()) == []


def test_version_says_version_commit_and_figures(ringfence: Command, begun: Path, repository: Path) -> None:
    told = ringfence("--version", at=begun).stdout.splitlines()
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True, check=True)
    figures = hashlib.sha256((repository / "data/reference/extracts.csv").read_bytes()).hexdigest()
    assert told[0].startswith(f"ringfence {__version__}, method ")
    assert told[1] == f"commit {commit.stdout.strip()}"
    assert told[2].startswith(f"figures {figures[:12]} (77 extracts, ")


@pytest.fixture(scope="module")
def home(office: Path, begun: Path, repository: Path) -> Path:
    """A working folder as `init` lays it out, with a suite of the office's own and a source in the place of ours."""
    made, command = begun / "working folder", office / "the environment" / "bin" / "ringfence"
    subprocess.run([command, "init", made.name], cwd=begun, check=True)
    shutil.copytree(repository / "pipelines" / "sources" / "deflator", made / "sources" / "deflator")
    shipped = (repository / "pipelines" / "sources" / "deflator.toml").read_text(encoding="utf-8")
    (made / "sources" / "deflator.toml").write_text(shipped + "\n# as the office reads it\n", encoding="utf-8")
    (made / "suites" / "deflator.yaml").write_text(OWN_CHECK.format(code="OFFICE-DEFLATOR"), encoding="utf-8")
    return made


def test_the_code_that_is_installed_is_the_code_of_the_clone(office: Path, repository: Path) -> None:
    program = "from audit.run.manifest import code_hash; print(code_hash())"
    python = office / "the environment" / "bin" / "python"
    places = {python: (office, {}), Path(sys.executable): (repository, {"PYTHONPATH": str(repository)})}
    told = [
        subprocess.run([one, "-P", "-c", program], cwd=at, env=env, capture_output=True, text=True, check=True).stdout
        for one, (at, env) in places.items()
    ]
    assert told[0] == told[1] != ""


def test_the_main_job_runs_with_what_is_added_says_what_is_replaced_and_writes_nowhere_else(
    ringfence: Command, begun: Path, home: Path, embedded_run: Path
) -> None:
    again = ringfence("init", home.name, at=begun)
    assert again.returncode == 11 and "nothing is overwritten" in again.stderr
    laid_out = snapshot(home)
    done = ringfence("run", at=home / "suites")  # found from a folder below
    assert done.returncode == 0, done.stderr
    assert f"Working folder: {home} (settings.toml)" in done.stdout
    assert "Your own, added to what is shipped: suites/deflator.yaml" in done.stdout
    assert "Your own, instead of pipelines/sources/deflator.toml: sources/deflator.toml" in done.stdout
    run = (home / "runs" / "latest").resolve()
    told, clone = (json.loads((path / "manifest.json").read_text("utf-8")) for path in (run, embedded_run))
    assert told["own_declarations"] == {
        "sources/deflator.toml": "instead of pipelines/sources/deflator.toml",
        "sources/deflator/columns.csv": "added",
        "suites/deflator.yaml": "added",
    }
    assert {f"own/{name}" for name in told["own_declarations"]} <= {item["file_name"] for item in told["inputs"]}
    assert told["command"] == "ringfence run --home FOLDER" and run.name != embedded_run.name
    assert "OFFICE-DEFLATOR" in (run / "validation.csv").read_text(encoding="utf-8-sig")
    results = [name for name in clone["outputs"] if name.startswith("tables/") and "/check_" not in name]
    assert len(results) > 50
    assert [name for name in results if told["outputs"][name] != clone["outputs"][name]] == []
    assert {path.name for path in begun.iterdir()} == {home.name}
    made = {name for name in snapshot(home) if not name.startswith("runs/")}
    assert made == {name for name in laid_out if not name.startswith("runs/")}
    repeated = ringfence("run", f"--home={home}", at=begun)
    assert "Nothing had changed" in repeated.stdout, repeated.stderr
    for arguments in (("explain", "Wiltshire"), ("quarantine", "list"), ("expectations", "history"), ("settings",)):
        assert (done := ringfence(*arguments, at=home)).returncode == 0, done.stderr
    assert {path.name for path in begun.iterdir()} == {home.name}


def printed_as(expected: list[str], said: str) -> bool:
    """Whether a command printed these lines; `...` stands for what is left out, of a line or of lines."""
    parts = [
        r"(?:.*\n)*?" if line == LEFT_OUT else re.escape(line).replace(re.escape(LEFT_OUT), ".*") + r"\n"
        for line in expected
    ]
    return re.fullmatch("".join(parts) or r"(?:.*\n)*", said) is not None


def test_the_page_on_installing_followed_literally_prints_what_it_says(
    ringfence: Command, office: Path, repository: Path, embedded_run: Path
) -> None:
    page = (repository / "docs" / "how-to" / "install-and-begin.md").read_text(encoding="utf-8")
    lines = [line for _, text in BLOCK.findall(page) for line in text.splitlines()]
    assert sum(line.startswith("$ ringfence ") for line in lines) >= 5
    here = office / "a folder of the page"
    here.mkdir()
    while lines:
        words = shlex.split(lines.pop(0).removeprefix("$ "))
        expected: list[str] = []
        while lines and not lines[0].startswith("$ "):
            expected.append(lines.pop(0))
        if words[0] == "cd":
            here /= words[1]
            # what the run of a clone gave is the run that is asked for here, so it is not made once more
            shutil.copytree(embedded_run, here / "runs" / embedded_run.name)
            continue
        done = ringfence(*words[1:], at=here)
        assert done.returncode == 0, (words, done.stderr)
        assert printed_as(expected, done.stdout), (words, expected, done.stdout)
        assert words[1] != "run" or "Nothing had changed since this run." in done.stdout


def test_one_code_in_two_suites_is_refused_naming_both_files(ringfence: Command, home: Path) -> None:
    suite = home / "suites" / "deflator.yaml"
    before = suite.read_text(encoding="utf-8")
    suite.write_text(OWN_CHECK.format(code="RS-JUMP-ADULT"), encoding="utf-8")
    try:
        done = ringfence("check", "--table", "deflator", at=home)
    finally:
        suite.write_text(before, encoding="utf-8")
    assert done.returncode == 10
    assert "expectations/suites/rs.yaml, line " in done.stderr and "suites/deflator.yaml, line 1" in done.stderr


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ("layout = 0\n", "an older layout (0). Expected layout 1. Make a new one with `ringfence init FOLDER`"),
        ("", "an older layout (None)"),
        ("layout = 2\n", "a newer layout (2). Expected layout 1. Install the version of ringfence that made it"),
        ("layout = 1\nreview = 3\n", "unknown key 'review'. Expected layout = 1. Settings belong in settings.toml"),
        ("layout = = 1\n", "cannot be read"),
    ],
)
def test_a_working_folder_of_another_layout_is_refused_with_what_to_do(
    ringfence: Command, tmp_path: Path, marker: str, said: str
) -> None:
    home = tmp_path / "old one"
    home.mkdir()
    (home / "ringfence.toml").write_text(marker, encoding="utf-8")
    for at, arguments in ((home, ("run",)), (tmp_path, ("run", "--home", home)), (home, ("settings",))):
        done = ringfence(*arguments, at=at)
        assert done.returncode == 10, done.stdout
        assert said in done.stderr and "ringfence.toml" in done.stderr
    assert [path.name for path in home.iterdir()] == ["ringfence.toml"]
    assert ringfence("init", tmp_path / "new one", at=home).returncode == 0, "the cure works where the old one is"
    assert ringfence("--help", at=home).returncode == 0


def test_a_package_of_another_distribution_in_the_place_of_ours_is_named(
    ringfence: Command, office: Path, begun: Path, tmp_path: Path
) -> None:
    for name in ("audit", "reports", "pipelines", "expectations"):
        other = tmp_path / name / name / "__init__.py"
        other.parent.mkdir(parents=True)
        other.write_text("raise SystemExit('the other package was run')\n", encoding="utf-8")
        done = ringfence("settings", at=begun, PYTHONPATH=str(other.parents[1]))
        assert done.returncode == 10
        assert done.stderr.startswith(f"ringfence: {other}: this is not the package '{name}' of ringfence")
        done = ringfence("settings", at=other.parents[1], PYTHONPATH=".")
        assert done.returncode == 10 and str(other) in done.stderr, done.stderr
        assert ringfence("--version", at=other.parents[1]).returncode == 0, "beside the data it shadows nothing"
    ours = next((office / "the environment").glob("lib/python*/site-packages")) / "reports" / "__init__.py"
    told, text = ours.stat(), ours.read_bytes()
    ours.write_text("# another distribution was unpacked over it\n", encoding="utf-8")
    try:
        done = ringfence("--version", at=begun)
    finally:
        ours.write_bytes(text)
        os.utime(ours, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert done.returncode == 10 and f"{ours}: this is not the package 'reports'" in done.stderr


def test_help_and_version_start_in_a_few_times_the_start_of_python(office: Path, tmp_path: Path) -> None:
    command, python = (office / "the environment" / "bin" / name for name in ("ringfence", "python"))
    peer = tmp_path / "peer.py"
    peer.write_text("import argparse\nargparse.ArgumentParser().parse_args()\n", encoding="utf-8")

    def least(*words: str | Path) -> float:
        taken: list[float] = []
        for _ in range(7):
            begun = time.perf_counter()
            subprocess.run([str(word) for word in words], cwd=tmp_path, capture_output=True, check=True)
            taken.append(time.perf_counter() - begun)
        return min(taken)

    argparse_only = least(python, peer)
    for option in ("--version", "--help"):
        ratio = least(command, option) / argparse_only
        assert ratio < 6, f"{option} takes {ratio:.1f} times as long as a script that imports argparse"


def test_python_starts_the_module_as_the_command(office: Path, begun: Path) -> None:
    python = office / "the environment" / "bin" / "python"
    asked = {"cwd": begun.parent, "env": {"PATH": os.environ["PATH"]}, "capture_output": True, "text": True}
    done = subprocess.run([python, "-m", "ringfence", "--version"], check=True, **asked)
    assert done.stdout.startswith(f"ringfence {__version__}")
    refused = subprocess.run([python, "-m", "ringfence", "run"], check=False, **asked)
    assert refused.returncode == 11 and "ringfence init" in refused.stderr


def test_what_the_container_starts_is_the_installed_program(office: Path, begun: Path, repository: Path) -> None:
    text = (repository / "docs" / "examples" / "Containerfile").read_text(encoding="utf-8")
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)
    _, *words = json.loads(entry)
    python = office / "the environment" / "bin" / "python"
    clean = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [python, *words, "--version"], cwd=begun, env=clean, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"ringfence {__version__}")
    refused = subprocess.run([python, *words, "run"], cwd=begun.parent, env=clean, capture_output=True, check=False)
    assert refused.returncode == 11, "the exit code is passed on"
    volume = Path(re.findall(r"^VOLUME (.*)$", text, re.MULTILINE)[0])
    assert f'ringfence.command()" init {volume.name}\nWORKDIR {volume}\n' in text


def test_the_version_and_the_address_stand_in_one_place_each(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "pipelines.__version__"}
    cited = (repository / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {__version__}\n" in cited
    address = project["project"]["urls"]["Repository"]
    assert f"\nrepository-code: {address}\n" in cited
    assert address.startswith(PLACEHOLDER) or all(address in url for url in project["project"]["urls"].values())
