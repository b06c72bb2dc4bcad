"""Tables beside the areas' own: the national estimates and how well expected spend predicts.

In: an `Assessment`. Out: tables in the folder of the run. Refuses nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audit.settings import Settings

if TYPE_CHECKING:
    from audit.assess import Assessment


def write_further(found: Assessment, tables_folder: Path, settings: Settings) -> None:
    """Write the further tables of one run."""
