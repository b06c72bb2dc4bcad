"""Pages people act on, drawn from what a run wrote and never from a model in memory."""

__distribution__ = "ringfence-audit"  # by which the command tells this package from another of its name
