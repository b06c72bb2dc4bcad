"""From published files to typed Parquet with lineage: nothing here knows about checks, models or pages."""

__version__ = "0.1.0"  # the one place; the distribution takes its version from here
__distribution__ = "ringfence-audit"  # by which the command tells this package from another of its name
