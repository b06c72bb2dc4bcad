"""An Airflow DAG: one run every night, then old runs are removed. Put it in the folder of DAGs.

In, from the environment of the workers: RINGFENCE_PROGRAM (the clone; default as in docs/operations.md), RINGFENCE_OUT,
RINGFENCE_RETURNS and, if you have one, RINGFENCE_SETTINGS. Out: the task's state follows the exit code: 0 is success;
75 (somebody's run holds the lock) is skipped, and tried again the next night; everything else fails, with the reason in
the task's log. ringfence is not imported: it has its own environment beside Airflow's.
"""

from __future__ import annotations

import datetime as dt
import os

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

RINGFENCE = os.environ.get("RINGFENCE_PROGRAM", "/usr/local/lib/ringfence") + "/.venv/bin/ringfence"
LOCKED = 75

with DAG(
    dag_id="ringfence",
    description="Published returns in, flagged areas with reasons out",
    schedule="15 2 * * *",
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
) as dag:
    run = BashOperator(
        task_id="run",
        bash_command=f"'{RINGFENCE}' run",
        skip_on_exit_code=LOCKED,
        retries=0,  # the same inputs are refused again; a person has to look
        execution_timeout=dt.timedelta(hours=2),
    )
    prune = BashOperator(task_id="prune", bash_command=f"'{RINGFENCE}' prune --keep 30", retries=0)
    run >> prune
