"""What Great Expectations needs for two expectations alone is read when one of them is used, and works then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from expectations.gx.adapter import import_gx, prepare_gx
prepare_gx()
before = [name for name in ("scipy.stats._stats_py", "altair.vegalite") if name in sys.modules]
import numpy as np, pandas as pd
gx = import_gx()
asset = gx.get_context(mode="ephemeral").data_sources.add_pandas("a").add_dataframe_asset("b")
batch = asset.add_batch_definition_whole_dataframe("c").get_batch({"dataframe": pd.DataFrame({"a": ["x", "x", "y"]})})
done = batch.validate(gx.expectations.ExpectColumnKLDivergenceToBeLessThan(
    column="a", partition_object={"values": ["x", "y"], "weights": [2 / 3, 1 / 3]}, threshold=0.1))
import scipy.stats
print(before, done.success, round(float(scipy.stats.norm.cdf(0)), 2))
"""


def test_they_are_not_read_at_first_and_the_expectation_that_needs_them_works(tmp_path: Path) -> None:
    # A file: of a program without one, `inspect` asks every module there is for its file, and so reads them all.
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "[] True 0.5"
