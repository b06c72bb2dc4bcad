"""The enquiry's CSV files: figures of each area's answer, conclusions, planned displacement.

In: a run. Out: (declared table, title, text) by path below the site; nothing where the run holds no rows, so that a run
without answers has no such file.
"""

from __future__ import annotations

from pipelines.declarations.catalogue import tables
from reports.words.downloads import areas_of, csv_text, csv_texts
from reports.words.read_run import Run

ENGLAND = {"conclusion": "conclusions.csv", "planned_displacement": "planned-displacement.csv"}
FIGURES = "answer_figure"


def enquiry_csvs(run: Run) -> dict[str, tuple[str, str, str]]:
    """Every file of the enquiry that has rows."""
    areas = areas_of(run)
    made = {
        f"downloads/{name}": (table, tables()[table].title, csv_text(table, run.rows(table), areas=areas))
        for table, name in ENGLAND.items()
        if run.rows(table)
    }
    by_area = {str(code): rows for (code,), rows in run.grouped(FIGURES, "area_code").items() if code in areas}
    for code, text in csv_texts(FIGURES, by_area, areas=areas).items():
        title = f"{tables()[FIGURES].title}: {areas[code]['area_name']}"
        made[f"downloads/{code}-answers.csv"] = (FIGURES, title, text)
    return made
