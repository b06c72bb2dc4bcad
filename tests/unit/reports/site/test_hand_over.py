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
from reports.site.hand_over import relinked, zip_site
from reports.site.papers import zip_papers
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


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as held:
        return {name: held.read(name) for name in held.namelist()}


@pytest.fixture
def without_chromium(tmp_path, monkeypatch):
    """No browser to print with."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("RINGFENCE_CHROMIUM", raising=False)


def dead_links(files: dict[str, bytes]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, content in files.items():
        if name.endswith(".html"):
            for link in re.findall(r'<a [^>]*href="([^"#]*)', content.decode()):
                target = os.path.normpath(str(PurePosixPath(name).parent / link)) if link else name
                if target not in files and not link.startswith("https://"):
                    found.append((name, link))
    return found


def test_the_same_pages_give_a_zip_of_the_same_bytes_whatever_their_clock(run, tmp_path, without_chromium):
    first = [zip_site(run, tmp_path / "one"), zip_papers(run, tmp_path / "one", code=CODE)]
    for path in (run / "site").rglob("*"):
        os.utime(path, (1, 1))
    second = [zip_site(run, tmp_path / "two"), zip_papers(run, tmp_path / "two", code=CODE)]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_working_papers_open_with_the_area_itself_and_no_link_leads_nowhere(run, tmp_path, without_chromium):
    files = contents(zip_papers(run, tmp_path, code=CODE))
    folder = f"ringfence-{run.name}-{CODE}/"
    wanted = ("index.html", f"downloads/{CODE}.csv", f"downloads/{CODE}.csv-metadata.json", "manifest.json",
              f"downloads/{CODE}.xlsx", "README.txt", "method.html", "flags/review-list.html")  # fmt: skip
    assert {folder + name for name in wanted} <= set(files)
    assert dead_links(files) == []
    page = files[f"{folder}index.html"].decode()
    assert "<h1>Example &lt;script&gt;" in page
    assert f'href="downloads/{CODE}.csv"' in page and 'href="method.html"' in page and "../" not in page
    assert not [name for name in files if name.startswith(f"{folder}areas/")]
    for name, up in (("method.html", ""), ("flags/review-list.html", "../")):
        assert f'<p><a href="{up}index.html">ringfence</a></p>' in files[folder + name].decode()
    assert "No Chromium was there to print it" in files[f"{folder}README.txt"].decode()
    assert f'<a href="{LICENCE_PAGE}">' in files[f"{folder}sources.html"].decode()


def test_a_page_that_explains_leads_back_to_the_area_but_not_to_what_the_papers_leave_out():
    places = {"flags/a.html": "flags/a.html", "areas/X.html": "index.html"}
    links = '<a href="../areas/X.html#ask">X</a> <a href="../index.html">All</a> <a href="https://example.org/">out</a>'
    told = relinked("flags/a.html", links, places)
    assert told == '<a href="../index.html#ask">X</a> <span>All</span> <a href="https://example.org/">out</a>'


@needs_chromium
def test_working_papers_hold_the_page_as_it_prints_and_are_the_same_bytes_again(run, tmp_path):
    one, two = (zip_papers(run, tmp_path / name, code=CODE) for name in ("one", "two"))
    files = contents(one)
    assert files[f"{one.stem}/{CODE}.pdf"].startswith(b"%PDF-")
    assert f"{CODE}.pdf is that page as it prints" in files[f"{one.stem}/README.txt"].decode()
    assert one.read_bytes() == two.read_bytes()


def test_the_zip_of_a_site_holds_every_file_unchanged_and_opens_with_its_first_page(run, tmp_path):
    files = contents(zip_site(run, tmp_path))
    site = run / "site"
    assert files == {
        f"ringfence-{run.name}/{path.relative_to(site).as_posix()}": path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }
    assert f"ringfence-{run.name}/index.html" in files
    assert dead_links(files) == []


def test_a_disk_that_fills_while_the_zip_is_written_leaves_nothing_there(run, tmp_path, monkeypatch):
    def full(*_arguments: Any, **_named: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(InputError, match="No space left"):
        zip_site(run, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_area_without_a_page_and_a_run_without_pages_are_refused(run, tmp_path):
    with pytest.raises(InputError, match="E99999999 has no page"):
        zip_papers(run, tmp_path, code="E99999999")
    with pytest.raises(InputError, match="are not drawn"):
        zip_site(tmp_path, tmp_path)


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


def test_the_command_writes_the_workbooks_of_the_areas_it_is_given(run, tmp_path, capsys):
    assert main(["report", str(run), "--xlsx", CODE, "Example Area 1", "--to", str(tmp_path)]) == 0
    made = [tmp_path / f"ringfence-{run.name}-{code}.xlsx" for code in (CODE, "E09000000")]
    assert capsys.readouterr().out.split() == [str(path) for path in made]
    assert all(zipfile.is_zipfile(path) for path in made)
    assert sorted(tmp_path.iterdir()) == sorted(made)


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
        assert 3 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 14


def test_the_command_zips_and_names_what_it_wrote_and_refuses_an_unknown_area(run, tmp_path, capsys):
    assert main(["report", str(run), "--zip", "--to", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / f"ringfence-{run.name}.zip")
    assert main(["report", str(run), "--zip", "Nowhere", "--to", str(tmp_path)]) == 11
    assert "no area" in capsys.readouterr().err
