"""The rules of the house that no linter knows: who may import whom, what may be heavy, what may be committed."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("audit", "expectations", "pipelines", "reports")
HEAVY = {
    "great_expectations", "jinja2", "joblib", "numpy", "pandas", "pyarrow", "python_calamine", "scipy", "sklearn",
    "xlsxwriter",
}  # fmt: skip
GX_ROOM = "expectations/gx/adapter.py"
LONGEST_MODULE = 250
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "core", "manager", "common", "misc"}
ROOMS = sorted({path.parent for floor in FLOORS for path in (ROOT / floor).rglob("*.py")})
MODULES = sorted([*(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")), ROOT / "ringfence.py"])


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level:
        yield node.module or ""


def everywhere(tree: ast.Module) -> set[str]:
    return {name.split(".")[0] for node in ast.walk(tree) for name in imported(node)}


def at_module_level(nodes: list[ast.stmt]) -> Iterator[str]:
    """Top-level packages imported when the module is; those for annotations only, and inside functions, are not."""
    for node in nodes:
        yield from (name.split(".")[0] for name in imported(node))
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from at_module_level(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ClassDef):
            for part in ("body", "orelse", "finalbody"):
                yield from at_module_level(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from at_module_level(handler.body)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """What the order of floors and rooms, declared in pyproject.toml, says about the packages in `folder`."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as go; go()"
    command = [sys.executable, "-c", program, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_floors_and_rooms_import_only_those_below_them_and_nothing_in_a_circle() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout
    assert "7 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("file", "wrong", "said"),
    [
        ("pipelines/read/find_files.py", "from audit import settings", "pipelines.read.find_files -> audit.settings"),
        ("audit/panel/panel.py", "from audit.flags import sentences", "audit.panel.panel -> audit.flags.sentences"),
        ("reports/words/frame.py", "from reports.site import render", "reports.words.frame -> reports.site.render"),
    ],
)
def test_a_wrong_import_is_named_with_its_line_and_both_rooms(tmp_path: Path, file: str, wrong: str, said: str) -> None:
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, tmp_path / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / file
    text = planted.read_text(encoding="utf-8")
    planted.write_text(f"{text}\n\n{wrong}\n", encoding="utf-8")
    done = lint_imports(tmp_path)
    line = len(text.splitlines()) + 3
    assert done.returncode == 1
    assert f"{said} (l.{line})" in done.stdout


FULLEST_ROOM = 20


@pytest.mark.parametrize("room", ROOMS, ids=names(ROOMS))
def test_a_room_holds_about_twenty_files_and_tells_its_story(room: Path) -> None:
    held = [path.name for path in room.iterdir() if path.is_file()]
    assert len(held) <= FULLEST_ROOM, f"{len(held)} files: build a wall"
    assert ast.get_docstring(parsed(room / "__init__.py")), "the room's __init__.py says what happens there"


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_nothing_heavy_is_imported_when_a_module_is(path: Path) -> None:
    wrong = set(at_module_level(parsed(path).body)) & HEAVY
    assert not wrong, (
        f"import {sorted(wrong)} inside the functions that need it, or under TYPE_CHECKING for annotations"
    )


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_a_module_is_short_and_named_after_what_it_holds(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST_MODULE, f"{name} has {length} lines; at most {LONGEST_MODULE}: move a wall"
    assert path.stem not in EMPTY_NAMES, f"'{path.stem}' says nothing about what the module holds"


def test_great_expectations_is_imported_by_its_adapter_alone() -> None:
    importers = {
        path.relative_to(ROOT).as_posix() for path in MODULES if "great_expectations" in everywhere(parsed(path))
    }
    assert importers <= {GX_ROOM}


def test_the_import_rules_see_a_breach() -> None:
    tree = ast.parse(
        "if TYPE_CHECKING:\n    import numpy\nelse:\n    import joblib\n"
        "try:\n    import pandas as pd\nexcept E:\n    import scipy"
    )
    assert set(at_module_level(tree.body)) == {"joblib", "pandas", "scipy"}
    assert everywhere(ast.parse("def f():\n    from audit.run.run import run")) == {"audit"}


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom audit.commands.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"loaded = sorted({HEAVY!r} & set(sys.modules))\n"
        "print('LOADED', *loaded, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "ringfence" in done.stdout
    assert done.stderr.strip().splitlines()[-1] == "LOADED"


# What is committed

MACHINE_PATH = re.compile(
    r"(?<![\w.\-/])/(?:work|tmp|root|opt|srv|mnt|home/\w+|Users/\w+|var/folders)/|[A-Z]:\\+Users\\"
)
REGISTRY = re.compile(
    "|".join(("--" + "index-url", "--" + "find-links", "--" + "trusted-host", "files" + r"\.pythonhosted"))
)
BINARY = {".png", ".jpg", ".parquet", ".xls", ".xlsx", ".ods", ".gz", ".zip"}


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so what is committed is not known")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_path_of_one_machine_or_a_package_host() -> None:
    me = Path(__file__).resolve()
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if path.suffix not in BINARY and path != me
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if MACHINE_PATH.search(line) or REGISTRY.search(line)
    ]
    assert not found, "\n".join(found[:10])


def test_tracked_files_stay_small() -> None:
    large = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked() if path.stat().st_size > 2_000_000}
    assert not large
    figures = sum(path.stat().st_size for path in tracked() if (ROOT / "data" / "returns") in path.parents)
    assert figures < 6_000_000, "the embedded figures have outgrown their 6 MB"


# The project's own files


def pins() -> dict[str, int]:
    """Package to number of hashes, from the lock file."""
    found: dict[str, int] = {}
    name = ""
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9_.\-]+)==\S+", line):
            name = match[1].lower()
            found[name] = 0
        elif "--hash=sha256:" in line:
            found[name] += 1
    return found


def test_every_dependency_is_pinned_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    wanted = {re.split(r"[><=\[]", entry)[0].strip().lower() for entry in asked}
    locked = pins()
    assert wanted <= set(locked)
    assert all(locked.values()), [name for name, hashes in locked.items() if not hashes]


def test_every_library_a_module_imports_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[><=\[]", entry)[0].strip().lower().replace("-", "_") for entry in project["dependencies"]}
    known = declared | {"sklearn", "yaml"} | set(sys.stdlib_module_names) | set(FLOORS)
    wrong = {path.relative_to(ROOT).as_posix(): sorted(everywhere(parsed(path)) - known - {""}) for path in MODULES}
    assert not {name: libraries for name, libraries in wrong.items() if libraries}


def test_ci_runs_the_test_command_the_readme_gives() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make test" in readme
    assert "make audit" in readme
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("\nmake test")


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken: list[str] = []
    for document in documents:
        for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)", document.read_text(encoding="utf-8")):
            if "://" not in target and not (document.parent / target).exists():
                broken.append(f"{document.relative_to(ROOT)} -> {target}")
    assert not broken
