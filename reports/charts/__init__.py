"""Charts as SVG, one file per kind, put down mark by mark on a canvas."""
