"""Charts as Vega-Lite specifications, one file per kind, drawn to SVG by vl-convert."""
