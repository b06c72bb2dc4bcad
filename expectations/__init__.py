"""Is the data fit to use: suites of checks, Great Expectations underneath, quarantine that loses nothing."""
