"""The files to take away that lie in a site: CSV with its metadata, schemas, the data package, England's workbook.

In: a run. Out: text or bytes by path below the site.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipelines.declarations.catalogue import tables
from pipelines.recorded import OWN_HASH, record_text
from reports.area.page_csv import TABLE, page_csvs
from reports.payments.section import payment_csvs, payments
from reports.site.enquiry_downloads import enquiry_csvs
from reports.site.run_books import site_books
from reports.words.downloads import areas_of, csv_text, csv_texts, csvw_text, datapackage_text, safe_name, schema_text
from reports.words.flags_csv import flags_csv
from reports.words.read_run import Run, read_run

NOT_PRINTED = ("outputs", "sizes", "commit", OWN_HASH)
"""Of the manifest: what is known only when the pages are drawn, and the commit, which decides nothing."""
DOWNLOADS = ("flag", "check_result", "check_finding", "data_quality", "quarantine", "source_file")
TOGETHER = 30
"""Areas whose files are made together: a column is written once for them all, in memory that stays small."""


def download_files(run_folder: Path) -> dict[str, bytes]:
    """Every file to take away of a run. Raises InputError where the folder is not a run."""
    run = read_run(run_folder)
    made: dict[str, bytes] = {}
    described: dict[str, str] = {}
    for path, table, title, text in _tables(run):
        made[path] = text.encode()
        about = csvw_text(table, file_name=path.rpartition("/")[2], run_id=run.run_id, title=title, for_people=True)
        made[f"{path}-metadata.json"] = about.encode()
        described[path] = table
    for table in sorted(set(described.values())):
        made[f"downloads/{table}.schema.json"] = schema_text(table).encode()
    files = {path: (table, made[path]) for path, table in described.items()}
    made["datapackage.json"] = datapackage_text(files, run.run_id).encode()
    printed = {key: value for key, value in run.manifest.items() if key not in NOT_PRINTED}
    made["manifest.json"] = record_text(printed).encode()
    return made | dict(site_books(run))


def _tables(run: Run) -> Iterator[tuple[str, str, str, str]]:
    """Every CSV with its path, the declared table whose rows it holds, and its title."""
    areas = areas_of(run)
    for table in DOWNLOADS:
        name = "flags" if table == "flag" else table
        rows = run.rows(table)
        text = flags_csv(rows) if table == "flag" else csv_text(table, rows, areas=areas)
        yield f"downloads/{name}.csv", table, tables()[table].title, text
    figures = page_csvs(run)
    while some := dict(islice(figures, TOGETHER)):
        for code, text in csv_texts(TABLE, some, areas=areas).items():
            title = f"{tables()[TABLE].title}: {areas[code]['area_name']}"
            yield f"downloads/{safe_name(code)}.csv", TABLE, title, text
    for path, (title, text) in payment_csvs(payments(run), areas).items():
        yield path, "payment_flow", title, text
    for path, (table, title, text) in enquiry_csvs(run).items():
        yield path, table, title, text
