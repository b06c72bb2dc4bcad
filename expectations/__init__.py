"""Is the data fit to use: suites of checks, Great Expectations underneath, quarantine that loses nothing."""

__distribution__ = "ringfence-audit"  # by which the command tells this package from another of its name
