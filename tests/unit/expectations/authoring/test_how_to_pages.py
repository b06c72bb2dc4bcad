"""The how-to pages, held to what they speak of: an example is followed, lists are whole, commands are as installed."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.areas.authorities import directory
from pipelines.declarations import catalogue
from pipelines.read.read_tabular import open_book
from pipelines.shape.recognise import recognise
from pipelines.shape.shapes import read_form

ROOT = Path(__file__).resolve().parents[4]
PAGE = ROOT / "docs" / "how-to" / "add-a-source-and-a-table.md"
BLOCK = re.compile(r"^```(?:csv|toml) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_source_of_the_how_to_is_read_to_the_table_it_prints(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, text in BLOCK.findall(page):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    tables, folder = catalogue.tables(tmp_path / "pipelines" / "tables"), tmp_path / "pipelines"
    sources = catalogue.sources(folder / "sources", folder / "tables")
    taken = recognise(open_book(tmp_path / "staff" / "staff.csv"), sources)
    assert f"staff.csv: {taken.source.code} {taken.financial_year}: {taken.why}\n" in page
    form = read_form(open_book(tmp_path / "staff" / "staff.csv"), taken, tables["care_staff"], directory())
    assert not form.problems
    printed = [row.split()[1:] for row in re.findall(r"^\d +\S+ +[\d.]+ +\S+$", page, re.MULTILINE)]
    values = zip(form.records["authority_code"], *(line.values for line in form.lines), strict=True)
    assert printed == [[code, *("NaN" if one is None else str(one) for one in found)] for code, *found in values]


def test_the_page_names_every_shape_option_and_key_there_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    words = {*catalogue.SHAPES, *catalogue.ID_SYSTEMS, *catalogue.PARSES, *catalogue.SECTIONS}
    words |= {name for names in catalogue.SECTIONS.values() for name in names} - {"years"}
    assert not {word for word in words if f"`{word}`" not in page and f"[{word}]" not in page}


def test_the_page_on_features_names_every_quantity_a_formula_may_use() -> None:
    text = (ROOT / "audit" / "panel" / "window_data.py").read_text(encoding="utf-8")
    made = text[text.index("    quantity = {") : text.index("    predictors = {")]
    keys = set(re.findall(r'^        "(\w+)":|quantity\["(\w+)"\] =', made, re.MULTILINE))
    keys = {one or other for one, other in keys} | {"path_statistic"}
    page = (PAGE.parent / "add-a-feature.md").read_text(encoding="utf-8")
    assert len(keys) >= 8
    assert {key for key in keys if f"| `{key}` |" not in page} == set()


INSTALLED = "install-and-begin.md"
"""The page for those who have no clone."""


def test_commands_on_the_how_to_pages_are_typed_as_they_are_installed() -> None:
    for path in sorted(path for path in PAGE.parent.glob("*.md") if path.name != INSTALLED):
        inside = re.findall(r"^```\w*\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        bare = [line for block in inside for line in block.splitlines() if re.match(r"\s*(\$ )?ringfence \w", line)]
        assert not bare, f"{path.name}: {bare}"
