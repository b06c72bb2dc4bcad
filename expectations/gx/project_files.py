"""The files of a Great Expectations project as the library itself stores them, written without it.

In: names of suites and where their tables lie. Out: texts: the context, validation definitions, the checkpoint, the
script that runs it, a README. Ids are made from names, so the same checks give the same bytes.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable
from typing import Any

CHECKPOINT = "ringfence"
TABLES, RESULTS = "tables", "results"
"""The two data sources, and the folders they read."""
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "ringfence/expectations")
CONTEXT = """\
# Made by `ringfence expectations export`. Open it in the folder above this one, from which its data sources are named:
# great_expectations.get_context(mode="file", project_root_dir=".")
config_version: 4
analytics_enabled: false
data_context_id: {id}
config_variables_file_path: uncommitted/config_variables.yml
plugins_directory: plugins/
progress_bars: {{globally: false}}
stores:
  expectations_store:
    class_name: ExpectationsStore
    store_backend: {{class_name: TupleFilesystemStoreBackend, base_directory: expectations/}}
  validation_results_store:
    class_name: ValidationResultsStore
    store_backend: {{class_name: TupleFilesystemStoreBackend, base_directory: uncommitted/validations/}}
  checkpoint_store:
    class_name: CheckpointStore
    store_backend: {{class_name: TupleFilesystemStoreBackend, base_directory: checkpoints/}}
  validation_definition_store:
    class_name: ValidationDefinitionStore
    store_backend: {{class_name: TupleFilesystemStoreBackend, base_directory: validation_definitions/}}
expectations_store_name: expectations_store
validation_results_store_name: validation_results_store
checkpoint_store_name: checkpoint_store
data_docs_sites:
  local_site:
    class_name: SiteBuilder
    show_how_to_buttons: false
    store_backend: {{class_name: TupleFilesystemStoreBackend, base_directory: uncommitted/data_docs/local_site/}}
    site_index_builder: {{class_name: DefaultSiteIndexBuilder}}
fluent_datasources:
"""
SCRIPT = '''\
"""Run every check with Great Expectations alone; --docs builds its pages too. Ends with 1 if a critical check fails."""

import os
import sys
from pathlib import Path

os.chdir(Path(__file__).resolve().parent)  # the data sources are named from this folder
os.environ["GX_ANALYTICS_ENABLED"] = "false"  # before the import, so that nothing is sent
import great_expectations as gx

context = gx.get_context(mode="file", project_root_dir=".")
outcome = context.checkpoints.get("ringfence").run()
found = [item for table in outcome.run_results.values() for item in table.results]
failed = [item for item in found if not item.success]
for item in failed:
    rows = item.result.get("unexpected_count", "")
    about = item.expectation_config
    print(about.severity.value, about.meta["code"], f"{rows} rows:" if rows else "whole table:", about.notes)
print(f"{len(found)} expectations: {len(failed)} failed")
if "--docs" in sys.argv:
    context.build_data_docs()
sys.exit(any(item.expectation_config.severity.value == "critical" for item in failed))
'''
README = """\
# Checks of ringfence as a Great Expectations project

{counts}

Run them with Great Expectations {version} and nothing of ringfence: `python run_in_gx.py`. With `--docs` it also builds the
library's own pages, in `gx/uncommitted/data_docs/local_site/`. Those pages load scripts and styles from addresses of
content networks (CDNs) when they are opened; ringfence's own pages do not. Usage statistics of the library are off, in
`gx/great_expectations.yml` and in the script.

| where | what |
|---|---|
| `gx/` | the file context: data sources, suites, validation definitions, the checkpoint `{checkpoint}`, the site of pages |
| `tables/` | the tables the checks were made for, as ringfence wrote them |
| `results/` | what checks came to that the library has no type for: one row a record, one column a check, which says `fits`, `breaks` or nothing (not judged); a plain expectation on each column. They are of the tables beside them, and do not follow when those change: export again |
| `failing_rows.parquet` | every row that fails, with its value, what was expected and the reason |
| `checks.csv` | every declared check: where it is checked here, how it ended in ringfence and on how many rows; where it is left out, why |

Several expectations with one code in `meta` say together what the check of that code says. A suite goes back with
`ringfence expectations import gx/expectations/TABLE.json --table TABLE`.
"""  # noqa: E501 - a row of a table is one line


def made_id(*names: str) -> str:
    """The id of what has these names, the same every time."""
    return str(uuid.uuid5(SPACE, "/".join(names)))


def suite_name(source: str, table: str) -> str:
    """The name of a suite, and of its asset and validation definition."""
    return table if source == TABLES else f"{table}_results"


def context_text(pairs: Iterable[tuple[str, str]]) -> str:
    """`great_expectations.yml` with an asset for each (data source, table)."""
    lines = [CONTEXT.format(id=made_id("context"))]
    by_source: dict[str, list[str]] = {}
    for source, table in pairs:
        by_source.setdefault(source, []).append(table)
    for source, tables in by_source.items():
        lines.append(
            f"  {source}:\n    type: pandas_filesystem\n    id: {made_id(source)}\n"
            f"    base_directory: {source}\n    assets:\n"
        )
        for table in tables:
            name = suite_name(source, table)
            lines.append(
                f"      {name}:\n        type: parquet\n        id: {made_id(source, name)}\n"
                f"        batch_definitions:\n          whole:\n            id: {made_id(source, name, 'whole')}\n"
                f"            partitioner: {{regex: '^{re.escape(table)}\\.parquet$', param_names: []}}\n"
            )
    return "".join(lines)


def definition_text(source: str, table: str) -> str:
    """The validation definition of one suite: the whole of its table."""
    name = suite_name(source, table)
    return as_json(
        {
            "name": name,
            "id": made_id("validation", name),
            "data": {
                "datasource": {"name": source, "id": made_id(source)},
                "asset": {"name": name, "id": made_id(source, name)},
                "batch_definition": {"name": "whole", "id": made_id(source, name, "whole")},
            },
            "suite": {"name": name, "id": made_id(name)},
        }
    )


def checkpoint_text(pairs: Iterable[tuple[str, str]]) -> str:
    """The checkpoint that runs every suite; complete results, so that every failing row is named."""
    names = [suite_name(source, table) for source, table in pairs]
    return as_json(
        {
            "name": CHECKPOINT,
            "id": made_id("checkpoint", CHECKPOINT),
            "validation_definitions": [{"name": name, "id": made_id("validation", name)} for name in names],
            "actions": [],
            "result_format": "COMPLETE",
        }
    )


def as_json(content: Any) -> str:
    """Content as the library stores it."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def suite_text(name: str, expectations: list[dict[str, Any]], notes: str, version: str) -> str:
    """A suite as the library of that `version` stores it."""
    meta = {"great_expectations_version": version}
    return as_json({"name": name, "id": made_id(name), "expectations": expectations, "meta": meta, "notes": notes})
