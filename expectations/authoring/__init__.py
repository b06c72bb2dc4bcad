"""For those who write checks: scaffolds, suggestions, examples, the reference page, failures, quarantined rows.

Nothing here runs in a scheduled job.
"""
