"""The assessment: from a run's core tables to its panel, evidence, lists, flags and the way back to each figure.

In: the `tables/` folder of a run. Out: tables area_year, area_year_block, series_break, yearly_change, expected_spend,
feature_value, area_score, flag, list_variant, list_summary, look_alike and evidence in the same folder, and what the
answers to requests show where any were given. Refuses nothing: an area or window whose returns are missing is "not
assessed" with the reason. The national tables are written by `further_tables`.
"""

from __future__ import annotations

from pathlib import Path

from audit.enquiry.settled import settled
from audit.flags import evidence as evidence_room
from audit.flags.mark_quality import mark_quality
from audit.method.unusual.features import features
from audit.method.work_out import work_out
from audit.panel import breaks
from audit.panel.allocation_use import TABLE, allocation_use, columns
from audit.run import panel_rows, result_rows
from audit.run.enquiry_stage import write_enquiry
from audit.run.further_tables import write_further
from audit.run.published_evaluation import this_method
from audit.settings import Settings
from pipelines.declarations.parquet import write_table


def work_ahead(tables_folder: Path, settings: Settings) -> None:
    """Grow the forests on tables that are still being checked, and write nothing: where the checks leave what they are
    grown on as it is, `assess` finds them grown. Raises whatever unchecked figures make it raise.
    """
    work_out(tables_folder, settings)
    this_method()


def assess(tables_folder: Path, settings: Settings) -> None:
    """Work everything out and write the audit tables into the folder the core tables are in.

    Raises DefinitionError for a feature or setting that is declared wrongly, InputError when the areas are missing.
    """
    concluded = settled(tables_folder, settings)
    priors = {name: one.prior for name, one in concluded.items()}
    found = work_out(tables_folder, settings, settled={name: one.outcomes for name, one in concluded.items()})
    known = features()
    write_table("series_break", breaks.rows(), tables_folder)
    write_table("area_year", panel_rows.area_year(found.panel), tables_folder)
    write_table("area_year_block", panel_rows.area_year_block(found.panel), tables_folder)
    write_table("expected_spend", result_rows.expected(found), tables_folder)
    write_further(found, tables_folder, settings)
    if used := allocation_use(found.panel, settings):
        write_table(TABLE, columns(used), tables_folder)
    write_table("feature_value", result_rows.feature_values(found, known), tables_folder)
    write_table("area_score", result_rows.area_scores(found), tables_folder)
    write_table("yearly_change", result_rows.yearly_changes(found), tables_folder)
    write_table("list_variant", result_rows.list_variants(found), tables_folder)
    write_table("list_summary", result_rows.list_summaries(found, priors), tables_folder)
    write_table("flag", result_rows.flags(found, priors), tables_folder)
    mark_quality(tables_folder, settings)
    write_table("look_alike", result_rows.look_alike_rows(found), tables_folder)
    write_table("evidence", evidence_room.evidence(tables_folder, found.panel, settings), tables_folder)
    write_enquiry(tables_folder, settings, concluded)
