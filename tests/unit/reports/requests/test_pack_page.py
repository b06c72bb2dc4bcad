"""The page of request packs names the files that a pack holds and the commands that there are."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from audit.commands.cli import main
from reports.requests.pack_page import COMMANDS, HELD, pack_page
from reports.requests.packs import papers_pack
from reports.requests.request import Asking, area_request, request_tables
from reports.requests.why_asked import NAMED
from reports.words.read_run import read_run

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]


def test_every_file_of_a_pack_is_named_and_no_other(tmp_path: Path) -> None:
    run = read_run(write_made_run(tmp_path))
    held = papers_pack(area_request(request_tables(run), "E09000001", how=NAMED, asking=Asking()))
    named = {name for files, _ in HELD for name in files.split(", ")}
    assert named == {name for name in held if not name.endswith("-metadata.json")}
    page = pack_page(run)
    assert [section.id for section in page.sections] == ["holds", "write", "back", "costs"]
    assert "no estimate is held" in " ".join(page.sections[-1].paragraphs)


@pytest.mark.parametrize("command", [command for command, _ in COMMANDS])
def test_every_command_it_gives_is_one_of_the_program_with_its_options(command: str, capsys) -> None:
    name, *rest = command.removeprefix("ringfence ").split()
    with pytest.raises(SystemExit):
        main([name, "--help"])
    told = capsys.readouterr().out
    assert all(option in told for option in rest if option.startswith("--"))
    assert re.match(r"ringfence \w+ ", command)
