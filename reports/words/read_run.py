"""Read a run folder, and nothing else, into plain rows.

In: a run folder with `manifest.json` and `tables/*.parquet`. Out: `Run`, whose tables are lists of dictionaries
sorted by the table's key, with None for missing. A table that the run does not hold is empty, so its section prints
its empty state. A folder without a manifest is refused: it is not a run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.declarations.catalogue import tables
from pipelines.declarations.method_version import refuse_other_method
from pipelines.errors import InputError, Place
from reports.words.column_rows import ColumnRows, Row

TABLES = (
    "area",
    "area_authority",
    "commissioner_area_weight",
    "area_year",
    "area_year_block",
    "national_displacement",
    "transfer_check",
    "expected_spend_error",
    "expected_spend",
    "yearly_change",
    "list_variant",
    "list_summary",
    "feature_value",
    "peer",
    "area_score",
    "flag",
    "look_alike",
    "evidence",
    "source_file",
    "check_result",
    "quarantine",
    "check_mark",
    "check_finding",
    "check_history",
    "data_quality",
    "series_break",
    "compared_return",
    "revision",
    "allocation_use",
    "payment_flow",
    "payment_flow_sum",
    "payment_exposure",
    "payment_source",
    "bcf_income",
    "pss_ex1_summary",
    "evaluation_run",
    "evaluation_target",
    "evaluation_ablation",
    "evaluation_list",
    "evaluation_best",
    "evaluation_posterior",
    "evaluation_interval",
    "evaluation_band",
    "evaluation_look_alike",
    "evaluation_placebo",
    "evaluation_permutation",
    "evaluation_papers",
    "evaluation_sample",
    "evaluation_outcome",
    "evaluation_agreement",
    "evaluation_size",
    "dtoc_by_organisation",
    "outcome_oflog",
    "outcome_ascof",
    "responses",
    "known_explanations",
    "plans",
    "criteria",
    "asked",
    "conclusion",
    "sample",
    "answer_file",
    "answer_problem",
    "answer_figure",
    "answer_text",
    "answer_check",
    "planned_displacement",
    "budget_outturn",
    "deduction_check",
    "enquiry_summary",
    "published_shares",
)
PART = {
    "bcf_income": ("financial_year", "authority_code", "area_code", "bcf_income_gbp_thousand"),
    "pss_ex1_summary": ("financial_year", "authority_code", "area_code", "income_nhs_gbp_thousand"),
    "area_year_block": ("area_code", "financial_year", "client_group", "own_funded_gbp", "other_income_gbp"),
    "dtoc_by_organisation": ("area_code", "financial_year", "month", "nhs_days", "social_care_days", "both_days"),
    "outcome_oflog": ("area_code", "financial_year", "measure", "value"),
    "outcome_ascof": ("area_code", "financial_year", "measure", "disaggregation", "outcome"),
}
LARGE = ("evidence",)
"""Tables whose rows are made when they are looked at: all at once would take half the memory of the pages."""
PLACEBO = "placebo"
# Characters that turn the direction of whatever text follows them; one in a name would turn the sentence around it.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
RUN_ID = re.compile(r"^[A-Za-z0-9._-]{1,80}$")


@dataclass(frozen=True)
class Run:
    """A run as it was written: its manifest and the tables that the pages print."""

    manifest: Mapping[str, Any]
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict[str, Sequence[Row]])

    @property
    def run_id(self) -> str:
        """The run's identity, a hash of inputs, settings and code."""
        return str(self.manifest["run_id"])

    def rows(self, table: str) -> Sequence[Row]:
        """A table's rows; none where the run does not hold it."""
        return self.tables.get(table, ())

    def grouped(self, table: str, *keys: str) -> Mapping[tuple[Any, ...], Sequence[Row]]:
        """Rows of a table by the values of `keys`, in the table's order."""
        groups: dict[tuple[Any, ...], list[Row]] = {}
        rows = self.rows(table)
        if isinstance(rows, ColumnRows):
            return rows.grouped(keys)
        for values, row in zip(zip(*([row.get(key) for row in rows] for key in keys), strict=True), rows, strict=True):
            groups.setdefault(values, []).append(row)
        return groups


def read_table_rows(path: Path, columns: Sequence[str] = (), *, large: bool = False) -> Sequence[Row]:
    """One Parquet file as dictionaries, not-a-number as None; absent files are empty. Of a `large` one they are made
    when they are looked at.

    Placebo windows are left out: column `window` names those that are judged.

    `columns` (all where none are named) that an older run did not write are None in every row.
    """
    import pyarrow.compute
    import pyarrow.parquet as pq

    if not path.is_file():
        return []
    pc: Any = pyarrow.compute
    try:
        schema = pq.read_schema(path)
        wanted = [name for name in schema.names if not columns or name in columns]
        texts = [name for name in wanted if pyarrow.types.is_string(schema.field(name).type)]
        table: Any = pq.ParquetFile(path, read_dictionary=texts).read(columns=wanted, use_threads=False)
        if "window" in table.column_names:
            table = table.filter(pc.invert(pc.starts_with(table["window"].cast("string"), PLACEBO)))
        plain = {name: _plain(table[name]) for name in table.column_names}
        plain |= {name: [None] * table.num_rows for name in columns if name not in plain}
    except (OSError, ValueError) as error:
        raise InputError(
            f"the table cannot be read: {error}",
            place=Place(path.name),
            expected="a Parquet file written by a run",
            do="Make the run again.",
        ) from error
    if large:
        return ColumnRows(plain, range(table.num_rows))
    names = tuple(plain)
    return [dict(zip(names, values, strict=True)) for values in zip(*plain.values(), strict=True)]


def _plain(column: Any) -> list[Any]:
    """A column's values; not-a-number becomes None, so that missing has one form.

    Texts repeat a great deal: each is made once and shared, which halves the memory of a run.
    """
    import numpy
    import pyarrow

    held = column.unify_dictionaries().combine_chunks()
    if pyarrow.types.is_dictionary(held.type):
        words = numpy.array([*(TURNING.sub("", word) for word in held.dictionary.to_pylist()), None], dtype=object)
        return words[held.indices.fill_null(len(words) - 1).to_numpy()].tolist()
    if pyarrow.types.is_floating(held.type):
        values = held.to_numpy(zero_copy_only=False)
        missing = numpy.isnan(values)
        if not missing.any():
            return values.tolist()
        known = values.astype(object)
        known[missing] = None
        return known.tolist()
    return held.to_numpy(zero_copy_only=False).tolist() if not held.null_count else held.to_pylist()


def read_run(folder: Path) -> Run:
    """Read `manifest.json` and the tables the pages need. Raises InputError where the folder is not a run."""
    import pyarrow

    path = folder / "manifest.json"
    try:
        manifest: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"no manifest could be read: {error}",
            place=Place(str(path)),
            expected="a run folder with manifest.json",
            do="Give the folder of a finished run, for example data/runs/<run-id>.",
        ) from error
    if not isinstance(manifest, dict) or not RUN_ID.match(str(manifest.get("run_id", ""))):
        raise InputError(
            "the manifest has no usable run_id",
            place=Place(str(path)),
            expected="letters, digits, dots, dashes",
            do="Make the run again.",
        )
    refuse_other_method(manifest, Place(str(path)))
    declared = tables()
    held = {
        name: read_table_rows(
            folder / "tables" / f"{name}.parquet", PART.get(name) or declared[name].column_names, large=name in LARGE
        )
        for name in TABLES
    }
    pyarrow.default_memory_pool().release_unused()  # a sixth of what has been taken by now
    return Run(manifest=manifest, tables=held)
