"""The command line: `ringfence run` does everything, and each stage also runs alone from the stage before it.

In: arguments. Out: an exit code from the table in `pipelines/errors.py`. What every command is called and does stands
in `line/command_table.py`; a module of commands declares its own options through `add_commands`, and is imported when
one of its commands is asked. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import sys

from pipelines.isolated import start_apart


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    start_apart()
    from audit.commands.line.home import take_home
    from audit.commands.line.parsing import parser

    words, wrong = take_home(sys.argv[1:] if arguments is None else arguments)
    asked = parser(words).parse_args(words)
    from audit.commands.line.carry_out import carry_out, stop_cleanly
    from pipelines.processes.collector import collect_seldom

    stop_cleanly()
    collect_seldom()
    return carry_out(asked, wrong)


if __name__ == "__main__":
    sys.exit(main())
