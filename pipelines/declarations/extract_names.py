"""The one name by which an extract is known: how the description beside its CSV ends.

In: nothing. Out: a file's ending, for those who look for extracts and those who read and write them.
"""

from __future__ import annotations

METADATA = ".csv-metadata.json"
