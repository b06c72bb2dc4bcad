"""Tables as printed: escaped, linked from the page's own place; and what is said of checks and marks."""

from __future__ import annotations

from reports.checks.evidence_checks import Checked, checked, checks_table
from reports.words.read_run import Run
from reports.words.table_html import table_body, table_class
from reports.words.view_models import Cell, Column, DataTable


def test_groups_of_rows_stand_under_headings_of_their_own_and_columns_are_told_once():
    columns = (Column("A"), Column("B", numeric=True), Column("C", short=True))
    rows = tuple((Cell(name), Cell("1"), Cell("2")) for name in "abc")
    table = DataTable(id="t", caption="c", columns=columns, rows=rows, groups={0: Cell("One"), 2: Cell("<Two>")})
    made = str(table_body(table, ""))
    assert table_class(table) == "n2 s3"
    assert made.count("<tbody>") == made.count("</tbody>") == 2
    assert made.index(">One<") < made.index(">b<") < made.index("</tbody>") < made.index("&lt;Two&gt;")
    assert made.count('scope="rowgroup" colspan="3"') == 2


def test_a_table_body_escapes_every_string_and_links_from_the_root():
    cells = (Cell("<b>", anchor='a"b'), Cell("x&y", href='p"q.html#z', small="<i>"), Cell("1"), Cell("k"))
    columns = (Column("A", short=True), Column("B"), Column("C", numeric=True), Column("D", code=True))
    made = table_body(DataTable(id="t", caption="c", columns=columns, rows=(cells,)), "../")
    assert made == (
        '<tbody>\n<tr><th scope="row" class="s" id="a&#34;b">&lt;b&gt;</th>'
        '<td><a href="../p&#34;q.html#z">x&amp;y</a> <small>&lt;i&gt;</small></td>'
        '<td>1</td><td class="k">k</td></tr>\n</tbody>'
    )


def run_of(**tables: list[dict[str, object]]) -> Checked:
    return checked(Run(manifest={"run_id": "r"}, tables=tables))


def figure(record: str, column: str, *, year: str = "2012-13", table: str = "ro3") -> dict[str, object]:
    return {"table": table, "record_id": record, "column": column, "financial_year": year}


def test_a_mark_on_a_record_touches_all_its_figures_and_a_mark_on_a_column_only_that_one():
    marked = run_of(
        check_mark=[
            {"record_id": "a", "column": "net", "check_code": "Z"},
            {"record_id": "a", "column": None, "check_code": "B"},
        ]
    )
    assert marked.marks_of(figure("a", "net")) == ("B", "Z")
    assert marked.marks_of(figure("a", "gross")) == ("B",)
    assert marked.marks_of(figure("b", "net")) == ()


def test_a_figure_used_in_two_windows_counts_once_among_those_that_checks_marked():
    results = [
        {"table": "ro3", "code": str(place), "outcome": outcome}
        for place, outcome in enumerate(("passed", "failed", "errored", "not run"))
    ]
    marks = [{"record_id": "a", "column": "net", "check_code": "RO3-X"}]
    evidence = [figure("a", "net"), figure("b", "net", year="2013-14"), figure("c", "sum", table="area_year")]
    evidence += [figure("a", "net")]
    table = checks_table(run_of(check_result=results, check_mark=marks), evidence)
    assert table is not None
    assert [[cell.text for cell in row] for row in table.rows] == [["3", "3", "1"]]
    assert checks_table(run_of(), []) is None
