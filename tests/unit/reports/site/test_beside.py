"""Work beside: what a process of its own returns is what is returned here, also where that process fails."""

from __future__ import annotations

import math
import os

import pytest

from pipelines.errors import InputError
from reports.site import beside
from reports.site.downloads import download_files


def answers(*asked, apart: bool) -> list:
    with beside.beside(apart=apart) as work:
        for function, *arguments in asked:
            work.ask(function, *arguments)
        return list(work.answers(wait=True))


@pytest.mark.parametrize("apart", [True, False])
def test_answers_come_in_the_order_asked(apart):
    assert answers((math.sqrt, 9.0), (len, "four"), (math.sqrt, 16.0), apart=apart) == [3.0, 4, 4.0]


def test_the_process_is_another_and_ends_with_the_work():
    with beside.beside() as work:
        work.ask(os.getpid)
        (other,) = work.answers(wait=True)
        process = work._process
    assert other != os.getpid()
    assert process.pid == other
    assert process.poll() == 0


def test_where_the_process_cannot_start_or_fails_the_work_is_done_here(monkeypatch, tmp_path):
    with pytest.raises(InputError, match="no manifest"):  # it ends there, and is told here
        answers((download_files, tmp_path), apart=True)
    monkeypatch.setattr(beside.sys, "executable", "false")
    assert answers((os.getpid,), apart=True) == [os.getpid()]
    monkeypatch.setattr(beside.sys, "executable", str(tmp_path / "not there"))
    assert answers((os.getpid,), apart=True) == [os.getpid()]


def test_what_is_not_done_yet_is_not_waited_for():
    with beside.beside(apart=False) as work:
        assert list(work.answers(wait=False)) == []
        work.ask(len, "x")
        assert list(work.answers(wait=True)) == [1]
