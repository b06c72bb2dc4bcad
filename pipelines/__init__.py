"""From published files to typed Parquet with lineage: nothing here knows about checks, models or pages."""
