"""Names that would break a page, runs that hold little, folders that are no run, and a disk that fills."""

from __future__ import annotations

import errno
import json
import os
import re
import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipelines import lasting
from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.declarations.parquet import write_table
from pipelines.errors import InputError
from reports.site.page_printer import script_text
from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
BARE = {"run_id": "bare", "method_version": METHOD_VERSION}
NAMES = {
    "E09000000": "King's & Queen's \"Example\"",
    "E09000001": "<script>alert(1)</script><b>x</b>",
    "E09000002": "\u202eelpmaxE\u202c \u05d3\u05d5\u05d2\u05de\u05d4 \u200f",
    "E09000003": ("Example Area with a very long name " * 6)[:200],
    "E09000004": "E" * 200,
    "E09000005": "]]></svg></style>--><!-- {{ 7*7 }} {% raw %}",
}


def rewrite(folder: Path, table: str, change: Any) -> None:
    """Change a table of a run folder, row by row; a row that becomes None is left out."""
    import pyarrow.parquet as pq

    path = folder / "tables" / f"{table}.parquet"
    rows = [row for row in map(change, pq.read_table(path).to_pylist()) if row is not None]
    names = pq.read_schema(path).names
    write_table(table, {name: [row[name] for row in rows] for name in names}, folder / "tables")


def drawn(folder: Path, page: str) -> str:
    return (folder / "site" / page).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return write_made_run(tmp_path_factory.mktemp("made"))


@pytest.fixture
def run(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "run"))


def test_hostile_names_are_printed_as_text_on_every_page_and_break_none(run):
    rewrite(run, "area", lambda row: {**row, "area_name": NAMES.get(row["area_code"], row["area_name"])})
    render_site(run, workers=1)
    ours = f"<script>{script_text()}</script>"
    for path in (run / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|<b>x|<!--", text.replace(ours, "")), path.name
        assert text.count(ours) <= 1
        assert text.count("<svg") == text.count("</svg>")
        assert text.count("<style>") == text.count("</style>") == 1
        assert "49" not in re.findall(r"<h1>(.*?)</h1>", text)[0]
    assert "King&#39;s &amp; Queen&#39;s &#34;Example&#34;" in drawn(run, "areas/E09000000.html")
    assert NAMES["E09000004"] in drawn(run, "index.html")


def test_a_name_written_from_right_to_left_does_not_turn_the_text_beside_it(run):
    rewrite(run, "area", lambda row: {**row, "area_name": NAMES.get(row["area_code"], row["area_name"])})
    render_site(run, workers=1)
    for page in ("areas/E09000002.html", "index.html", "regions/example-region.html"):
        text = drawn(run, page)
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
        assert "elpmaxE \u05d3\u05d5\u05d2\u05de\u05d4" in text


def test_an_area_without_peers_charts_or_evidence_has_a_page_that_says_so(run):
    for table in ("expected_spend", "yearly_change", "feature_value", "evidence", "area_score", "look_alike", "peer"):
        rewrite(run, table, lambda row: None if row["area_code"] == "E09000000" else row)
    rewrite(run, "area_year", lambda row: None if row["area_code"] == "E09000000" else row)
    render_site(run, workers=1)
    text = drawn(run, "areas/E09000000.html")
    for said in (
        "Too few comparable figures", "No peers are held for this area in", "can be set beside those of others by size",
        "No expected spend was computed", "No path of yearly changes was judged", "Not on the unusual-pattern list",
        "No figures of recent years are held",
        "recorded no figures",
    ):  # fmt: skip
        assert said in text, said
    for section in ("path", "money", "why", "peers"):
        assert "<svg" not in text.split(f'<section id="{section}"')[1].split("</section>")[0]
    assert 'href="../downloads/E09000000.csv"' in text


def test_an_area_with_one_year_prints_that_year_and_no_line(run):
    rewrite(
        run, "expected_spend",
        lambda row: None if row["area_code"] == "E09000000" and row["financial_year"] != "2012-13" else row,
    )  # fmt: skip
    rewrite(
        run, "area_year",
        lambda row: None if row["area_code"] == "E09000000" and row["financial_year"] != "2012-13" else row,
    )  # fmt: skip
    render_site(run, workers=1)
    text = drawn(run, "areas/E09000000.html")
    table = text.split('id="money-w1-table"')[1].split("</table>")[0]
    assert table.count('<th scope="row"') == 4  # the year, and three rows of totals
    assert "Too few comparable figures" in text


def test_an_area_of_which_everything_is_missing_prints_letters_and_no_numbers(run):
    def emptied(row: dict[str, Any]) -> dict[str, Any]:
        if row["area_code"] != "E09000000":
            return row
        return {name: None if isinstance(value, float) else value for name, value in row.items()}

    for table in ("expected_spend", "yearly_change", "feature_value", "area_score", "flag", "evidence", "area_year"):
        rewrite(run, table, emptied)
    render_site(run, workers=1)
    text = drawn(run, "areas/E09000000.html")
    table = text.split('id="money-w1-table"')[1].split("</table>")[0]
    assert set(re.findall(r"<td>([^<]*)</td>", table)) <= {"[x]", "[z]"}
    assert not re.search(r"\b(None|nan|NaN)\b", re.sub(r"None recorded\.", "", text))


def test_a_run_of_an_older_version_without_later_tables_and_columns_is_drawn_with_their_empty_states(run):
    import pyarrow.parquet as pq

    for name in ("check_mark", "series_break", "look_alike", "source_file"):
        (run / "tables" / f"{name}.parquet").unlink()
    path = run / "tables" / "flag.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["settle_with", "replaced_gbp"]), path)
    render_site(run, workers=1)
    text = drawn(run, "areas/E09000000.html")
    assert "No tests of other explanations were recorded" in text
    assert "[x]" in text.split('id="result-table"')[1].split("</table>")[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "manifest"), ("", "manifest"), ("[]", "run_id"), ('{"run_id": ""}', "run_id"),
        ('{"run_id": "../../etc"}', "run_id"), ('{"run_id": "' + "x" * 90 + '"}', "run_id"),
    ],
)  # fmt: skip
def test_a_folder_that_is_not_a_run_is_refused_and_left_as_it_was(tmp_path, content, said):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match=said):
        render_site(tmp_path, workers=1)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_table_that_is_not_parquet_is_refused_by_name_and_the_old_site_stays(run):
    render_site(run, workers=1)
    before = drawn(run, "index.html")
    (run / "tables" / "flag.parquet").write_bytes(b"not a table")
    with pytest.raises(InputError, match=r"flag\.parquet"):
        render_site(run, workers=1)
    assert drawn(run, "index.html") == before


@pytest.mark.parametrize("after", [0, 7, 40])
def test_a_disk_that_fills_while_pages_are_written_publishes_nothing_and_keeps_the_old_site(run, monkeypatch, after):
    (run / "site").mkdir()
    (run / "site" / "index.html").write_text("old", encoding="utf-8")
    written: list[Path] = []
    real = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if len(written) >= after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        written.append(path)
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=r"No space left.*Make room"):
        render_site(run, workers=1)
    assert [path.name for path in run.iterdir() if path.name.startswith("site")] == ["site"]
    assert [path.name for path in (run / "site").iterdir()] == ["index.html"]
    assert drawn(run, "index.html") == "old"


def test_a_site_that_cannot_be_put_in_place_leaves_the_old_one_there(run, monkeypatch):
    (run / "site").mkdir()
    (run / "site" / "index.html").write_text("old", encoding="utf-8")
    monkeypatch.setattr(lasting, "_exchanged", lambda *_: errno.ENOSPC)
    with pytest.raises(OSError, match="No space left"):
        render_site(run, workers=1)
    assert drawn(run, "index.html") == "old"


def test_a_manifest_that_says_little_prints_not_stated(run):
    (run / "manifest.json").write_text(json.dumps(BARE), encoding="utf-8")
    render_site(run, workers=1)
    assert "not stated" in drawn(run, "areas/E09000000.html").split('id="reperform"')[1]
