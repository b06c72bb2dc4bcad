"""Pages people act on, drawn from what a run wrote and never from a model in memory."""
