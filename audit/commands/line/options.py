"""Options that several commands have: what they mean in words, and where their defaults come from.

In: the environment and the working folder. Out: help lines and defaults. Refuses nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.api.environment import from_environment

AREA = "name of an area, part of it, or a code: ONS, E-code or council code, of any year"
FOLDER_OF_RETURNS = "folder of published returns or extracts (default: the embedded figures)"
FOLDER_OF_PAYMENTS = "folder of payment files, one folder per body (default: the embedded payments)"
FOLDER_OF_TABLES = "folder that `load` wrote"
TABLE_OF_TRANSFERS = "table of NHS money allocated to councils, as CSV (default: none, and worked out instead)"
FOLDER_OF_ANSWERS = "folder of answers to requests, conclusions and the sample (default: none)"
OWN_SETTINGS = "TOML file with the settings that differ from the defaults"
RUN = "folder of a run"
WORKERS = "processes to work with (default: one a processor)"


def add_out(parser: argparse.ArgumentParser) -> None:
    """Declare the option that names the folder of the runs."""
    text = "folder of the runs (default runs of the working folder; in a clone without one data/runs)"
    parser.add_argument("--out", type=Path, default=from_environment("OUT"), metavar="DIR", help=text)


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Declare the option that names a file of settings."""
    given = from_environment("SETTINGS")
    parser.add_argument("--settings", type=Path, default=given, metavar="FILE", help=OWN_SETTINGS)


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Declare the options that name what is read."""
    for name, kind, text in (
        ("returns", "DIR", FOLDER_OF_RETURNS),
        ("payments", "DIR", FOLDER_OF_PAYMENTS),
        ("transfers", "FILE", TABLE_OF_TRANSFERS),
        ("answers", "DIR", FOLDER_OF_ANSWERS),
    ):
        given = from_environment(name.upper())
        parser.add_argument(f"--{name}", type=Path, default=given, metavar=kind, help=text)
