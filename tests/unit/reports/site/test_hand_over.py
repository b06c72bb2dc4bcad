"""Handing over: a zip of equal bytes that opens offline, and PDFs of area pages or a clear refusal."""

from __future__ import annotations

import errno
import os
import re
import runpy
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from made_published import as_published

from audit.commands.cli import main
from pipelines.errors import InputError
from reports.checks.sources_page import LICENCE_PAGE
from reports.site.hand_over import zip_run
from reports.site.print_pdf import NAMES, chromium, print_areas
from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
CODE = "E09000005"
needs_chromium = pytest.mark.skipif(
    not any(map(shutil.which, NAMES)), reason="no headless Chromium is installed on this machine"
)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    folder = write_made_run(tmp_path_factory.mktemp("made") / "made-run")
    render_site(folder, workers=1)
    return as_published(folder)


def contents(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as held:
        return {name: held.read(name).decode() for name in held.namelist()}


def dead_links(files: dict[str, str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, text in files.items():
        if name.endswith(".html"):
            for link in re.findall(r'<a [^>]*href="([^"#]*)', text):
                target = os.path.normpath(str(PurePosixPath(name).parent / link)) if link else name
                if target not in files and not link.startswith("https://"):
                    found.append((name, link))
    return found


@pytest.mark.parametrize("code", ["", CODE])
def test_the_same_pages_give_a_zip_of_the_same_bytes_whatever_their_clock(run, tmp_path, code):
    first = zip_run(run, tmp_path / "one", code=code).read_bytes()
    for path in (run / "site").rglob("*"):
        os.utime(path, (1, 1))
    assert zip_run(run, tmp_path / "two", code=code).read_bytes() == first


def test_working_papers_hold_page_csv_metadata_and_manifest_and_no_link_leads_nowhere(run, tmp_path):
    files = contents(zip_run(run, tmp_path, code=CODE))
    folder = f"ringfence-{run.name}-{CODE}/"
    wanted = (f"areas/{CODE}.html", f"downloads/{CODE}.csv", f"downloads/{CODE}.csv-metadata.json", "manifest.json")
    assert {folder + name for name in wanted} <= set(files)
    assert dead_links(files) == []
    page = files[f"{folder}areas/{CODE}.html"]
    assert "All areas" in page
    assert "index.html" not in page.replace("flags/index.html", "")
    assert "Example &lt;script&gt;" in page
    assert f'<a href="{LICENCE_PAGE}">' in files[f"{folder}sources.html"]


def test_the_zip_of_a_site_holds_every_file_unchanged(run, tmp_path):
    files = contents(zip_run(run, tmp_path))
    site = run / "site"
    assert files == {
        f"ringfence-{run.name}/{path.relative_to(site).as_posix()}": path.read_text(encoding="utf-8")
        for path in site.rglob("*")
        if path.is_file()
    }
    assert dead_links(files) == []


def test_a_disk_that_fills_while_the_zip_is_written_leaves_nothing_there(run, tmp_path, monkeypatch):
    def full(*_arguments: Any, **_named: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(InputError, match="No space left"):
        zip_run(run, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_area_without_a_page_and_a_run_without_pages_are_refused(run, tmp_path):
    with pytest.raises(InputError, match="E99999999 has no page"):
        zip_run(run, tmp_path, code="E99999999")
    with pytest.raises(InputError, match="are not drawn"):
        zip_run(tmp_path, tmp_path)


def test_without_chromium_the_message_says_what_to_install_and_nothing_is_written(run, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("RINGFENCE_CHROMIUM", raising=False)
    with pytest.raises(InputError, match="no Chromium is installed.*apt-get install chromium"):
        print_areas(run, [CODE], tmp_path / "to")
    monkeypatch.setenv("RINGFENCE_CHROMIUM", "no-such-program")
    with pytest.raises(InputError, match="RINGFENCE_CHROMIUM names no-such-program"):
        chromium()
    assert not (tmp_path / "to").exists()


def test_a_browser_that_prints_half_a_pdf_leaves_nothing_behind(run, tmp_path, monkeypatch):
    browser = tmp_path / "browser"
    browser.write_text(
        '#!/bin/sh\nfor a in "$@"; do case $a in --print-to-pdf=*) printf %%PDF-1.4 > "${a#*=}";; esac; done\n'
    )
    browser.chmod(0o755)
    monkeypatch.setenv("RINGFENCE_CHROMIUM", str(browser))
    with pytest.raises(InputError, match="no whole PDF"):
        print_areas(run, [CODE], tmp_path / "to")
    assert list((tmp_path / "to").iterdir()) == []


@needs_chromium
def test_the_command_prints_the_areas_it_is_given_and_the_same_bytes_again(run, tmp_path):
    asked = ["report", str(run), "--pdf", CODE, "Example Area 1", "--to"]
    assert main([*asked, str(tmp_path / "one")]) == 0
    assert main([*asked, str(tmp_path / "two")]) == 0
    made = sorted((tmp_path / "one").iterdir())
    assert [path.name for path in made] == [f"ringfence-{run.name}-{code}.pdf" for code in ("E09000000", CODE)]
    for path in made:
        data = path.read_bytes()
        assert data == (tmp_path / "two" / path.name).read_bytes()
        assert b"file:" not in data
        assert str(tmp_path).encode() not in data
        assert 3 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 12


def test_the_command_zips_and_names_what_it_wrote_and_refuses_an_unknown_area(run, tmp_path, capsys):
    assert main(["report", str(run), "--zip", "--to", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / f"ringfence-{run.name}.zip")
    assert main(["report", str(run), "--zip", "Nowhere", "--to", str(tmp_path)]) == 11
    assert "no area" in capsys.readouterr().err
