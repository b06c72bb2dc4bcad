"""ringfence from Python: the page of the docs is run block by block, and what it promises of runs and errors holds."""

from __future__ import annotations

import importlib.util
import io
import json
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from made_home import working_home

import ringfence
from audit.commands.cli import main
from pipelines.declarations.catalogue import tables

ROOT = Path(__file__).resolve().parents[2]
PAGE = runpy.run_path(str(ROOT / "tests" / "functional" / "from_python_page.py"))
BLOCKS = PAGE["blocks"]()
KINDS = {"string": "str", "int": "Int64", "float": "float64", "bool": "boolean"}


@pytest.fixture(scope="module")
def run(embedded_run: Path) -> ringfence.Run:
    return ringfence.open_run(embedded_run)


@pytest.fixture(scope="module")
def space(embedded_runs: Path) -> Iterator[dict[str, Any]]:
    """The names that the blocks of the page make, with the folder of runs a reader would have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RINGFENCE_OUT", str(embedded_runs))
        patch.chdir(ROOT)
        yield {}


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_of_the_page_prints_what_stands_below_it(number: int, space: dict[str, Any]) -> None:
    block, printed = BLOCKS[number], io.StringIO()
    if block.needs and importlib.util.find_spec(block.needs) is None:
        pytest.skip(f"{block.needs} is not installed; it is no dependency of ringfence")
    for earlier in BLOCKS[:number] if not space and number else ():  # where this worker begins in the middle
        if not earlier.needs:
            exec(earlier.code, space)  # noqa: S102 - our own page
    with redirect_stdout(printed):
        exec(block.code, space)  # noqa: S102 - our own page
    assert printed.getvalue() == block.printed


def test_the_notebook_is_the_page() -> None:
    assert PAGE["NOTEBOOK"].read_text(encoding="utf-8") == PAGE["notebook_text"](), (
        "run: python tests/functional/from_python_page.py"
    )
    cells = json.loads(PAGE["notebook_text"]())["cells"]
    assert ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"] == [
        block.code.strip("\n") for block in BLOCKS
    ]


def test_every_table_has_the_types_its_declaration_gives(run: ringfence.Run) -> None:
    for name in set(run.tables) - {"ledger"}:
        frame, declared = run.table(name), tables()[name]
        assert {column: str(kind) for column, kind in frame.dtypes.items()} == {
            column.name: KINDS[column.type] for column in declared.columns
        }, name
        assert frame.attrs["title"] == declared.title and frame.attrs["run"] == run.id
        assert frame.attrs["units"] == {column.name: column.unit for column in declared.columns if column.unit}


def test_a_frame_that_is_changed_changes_no_other(run: ringfence.Run) -> None:
    mine = run.flags
    mine["list"] = "changed"
    assert set(run.flags["list"]) != {"changed"}


def test_an_area_has_the_rows_of_its_page_and_says_so_in_a_notebook(run: ringfence.Run) -> None:
    area = run.area("Hull")
    assert set(area.evidence["area_code"]) == {"E06000010"} and len(area.evidence) > 200
    assert list(area.lists) == ["W1", "W2"] and area.page.is_file()
    assert "Kingston upon Hull, City of" in repr(area) and "<table>" in area._repr_html_()
    assert run.id in repr(run) and "on no list" in run._repr_html_()
    asked = [ask.question for ask in area.questions]
    text = area.page.read_text(encoding="utf-8").replace("&#39;", "'")
    assert asked and all(question in text for question in asked)


def test_what_area_explain_says_is_what_the_command_prints(
    run: ringfence.Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "Hull", "--out", str(run.folder.parent)]) == 0
    assert run.area("Hull").explain() + "\n" == capsys.readouterr().out


def test_every_figure_of_an_area_leads_to_the_cell_its_page_prints(run: ringfence.Run) -> None:
    evidence = run.area("Wiltshire").evidence
    for _, figure in evidence[evidence["cell"].notna()].iloc[::40].iterrows():
        cells = run.lineage(figure)
        assert len(cells) == 1
        for name in ("cell", "sheet", "file_name", "file_sha256", "value"):
            assert cells.iloc[0][name] == figure[name], (figure["evidence_id"], name)
        assert cells.iloc[0]["licence"]


def test_the_cells_beneath_a_figure_of_the_panel_add_up_to_it(run: ringfence.Run) -> None:
    figures = run.area("Dorset").figures.set_index("financial_year", drop=False)
    for year, column in (("2013-14", "own_funded_gbp"), ("2013-14", "childrens_gbp"), ("2012-13", "gross_gbp"),
                         ("2021-22", "own_funded_gbp"), ("2016-17", "comparable_services_gbp")):  # fmt: skip
        beneath = run.lineage(figures.loc[year], column)
        assert len(beneath) > 1  # several authorities, or client groups
        assert beneath["value"].sum() * 1000 == pytest.approx(figures.loc[year, column]), (year, column)
        assert beneath["file_sha256"].str.len().eq(64).all() and beneath["cell"].notna().all()


@pytest.mark.parametrize(
    ("cell", "column", "said"),
    [
        (("ro3", "none/of/it"), "", "names no figure"),
        (("ro3", "none/of/it", "x"), "", "no cell was published for x"),
        ({"area_code": "E06000010", "evidence_id": "W9-999"}, "", "has no figure W9-999"),
        ({"name": "x"}, "", "neither a record id nor an area"),
        ({"record_id": "rs/x"}, "", "does not say which figure"),
        (7, "", "names no figure"),
        ({"area_code": "E99", "window": "W1"}, "gap_gbp", "nothing published is held beneath"),
    ],
)
def test_what_names_no_figure_is_refused(run: ringfence.Run, cell: Any, column: str, said: str) -> None:
    with pytest.raises(ringfence.InputError, match=said):
        run.lineage(cell, column)


def test_a_gap_rests_on_every_published_figure_of_its_window(run: ringfence.Run) -> None:
    area = run.area("Wiltshire")
    flag = area.flags.set_index("window", drop=False).loc["W2"]
    beneath = run.lineage(flag, "gap_gbp")
    used = area.evidence.query("window == 'W2' and source != 'derived'")
    assert set(beneath["record_id"]) == set(used["record_id"])


@pytest.fixture
def copy(embedded_run: Path, tmp_path: Path) -> Path:
    """The tables and manifest of the run in a folder of its own."""
    folder = tmp_path / embedded_run.name
    shutil.copytree(embedded_run / "tables", folder / "tables")
    shutil.copy(embedded_run / "manifest.json", folder)
    return folder


def test_an_altered_run_is_refused_at_the_latest_when_the_table_is_read(copy: Path) -> None:
    path = copy / "tables" / "flag.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    opened = ringfence.open_run(copy)  # every file is there, with its size
    assert len(opened.areas) == 150
    with pytest.raises(ringfence.VerificationError, match="not as it was published"):
        _ = opened.flags
    path.unlink()
    with pytest.raises(ringfence.VerificationError, match="flag.parquet is missing"):
        ringfence.open_run(copy)


def test_a_changed_manifest_a_half_written_run_and_one_of_another_method_are_refused(copy: Path) -> None:
    text = (copy / "manifest.json").read_text(encoding="utf-8")
    (copy / "manifest.json").write_text(text.replace('"version": "', '"version": "9'), encoding="utf-8")
    with pytest.raises(ringfence.VerificationError, match="changed after it was written"):
        ringfence.open_run(copy)
    (copy / "manifest.json").write_text(json.dumps({"method_version": "1"}), encoding="utf-8")
    with pytest.raises(ringfence.InputError, match="made by version 1 of the method"):
        ringfence.open_run(copy)
    (copy / "manifest.json").unlink()
    half = copy.rename(copy.with_name(f".{copy.name}.part"))
    with pytest.raises(ringfence.InputError, match="being written, or was broken off"):
        ringfence.open_run(half)
    with pytest.raises(ringfence.InputError, match="there is no such folder"):
        ringfence.open_run(copy)


def test_a_run_is_opened_by_folder_by_folder_of_runs_by_id_and_as_the_latest(
    embedded_run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RINGFENCE_OUT", str(embedded_run.parent))
    monkeypatch.chdir(tmp_path)
    for where in (embedded_run, str(embedded_run), embedded_run.parent, embedded_run.name, "latest"):
        assert ringfence.open_run(where).folder == embedded_run
    assert ringfence.open_run().id == embedded_run.name


def test_the_latest_is_that_of_the_working_folder_one_is_in(
    embedded_runs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RINGFENCE_OUT", raising=False)
    with working_home(tmp_path / "home") as home:
        monkeypatch.chdir(home / "suites")
        with pytest.raises(ringfence.InputError, match=f"{home}/runs/latest: there is no such folder"):
            ringfence.open_run()
        shutil.copytree(embedded_runs, home / "runs", symlinks=True)
        assert ringfence.open_run().folder.parent == home / "runs"
        (home / "ringfence.toml").write_text("layout = 0\n", encoding="utf-8")
        with pytest.raises(ringfence.DefinitionError, match="an older layout"):
            ringfence.open_run()


def test_opening_and_reading_writes_nothing(copy: Path) -> None:
    def seen() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in copy.rglob("*")}

    before = seen()
    opened = ringfence.open_run(copy)
    opened.area("Hull").evidence.head()
    assert seen() == before


def test_a_run_made_from_python_is_the_one_the_command_makes_and_tells_the_status(
    embedded_runs: Path, tmp_path: Path
) -> None:
    made = ringfence.audit(out=embedded_runs)
    assert made.folder == (embedded_runs / "latest").resolve()
    status = json.loads((embedded_runs / "status.json").read_text(encoding="utf-8"))
    assert (status["state"], status["run"], status["unchanged"]) == ("done", made.id, True)
    with pytest.raises(ringfence.InputError, match="the folder of returns is not there"):
        ringfence.audit(returns=tmp_path / "nowhere", out=tmp_path / "runs")
    refused = json.loads((tmp_path / "runs" / "status.json").read_text(encoding="utf-8"))
    assert (refused["state"], refused["exit_code"]) == ("refused", 11)
    with pytest.raises(ringfence.DefinitionError, match="revew.*perhaps lists.review"):
        ringfence.audit(settings={"lists.revew": 3}, out=tmp_path / "runs")


def test_a_package_in_the_place_of_ours_is_named_before_it_is_imported(tmp_path: Path) -> None:
    other = tmp_path / "audit" / "__init__.py"
    other.parent.mkdir()
    other.write_text("raise SystemExit('the other package was run')\n", encoding="utf-8")
    program = f"import sys; import ringfence; sys.path.insert(0, {str(tmp_path)!r}); ringfence.open_run()"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"ImportError: {other}: this is not the package 'audit' of ringfence" in done.stderr


def test_importing_it_loads_no_library_but_pythons_own() -> None:
    program = "import sys; import ringfence; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    others = set(done.stdout.split()) - set(sys.stdlib_module_names) - {"ringfence", "__main__"}
    assert not {name for name in others if not name.startswith(("_", "sphinxcontrib", "sitecustomize"))}
    assert ringfence.Run.__name__ == "Run" and ringfence.Area.__name__ == "Area"
    with pytest.raises(AttributeError, match="no attribute 'Rnu'"):
        _ = ringfence.Rnu  # type: ignore[attr-defined]
