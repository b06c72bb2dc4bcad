"""Commands in a working folder: which one, what serves there, and what is said of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_home import working_home

from audit.account.own_declarations import describe_own, refuse_changed, say_home
from audit.api.environment import from_environment
from audit.commands import cli
from audit.commands.init import lay_out
from audit.commands.line.home import take_home
from audit.run.enquiry_stage import answers_folder
from audit.run.transfer_stage import transfer_file
from audit.settings import load_settings, refuse_misspelt_variables
from pipelines.errors import InputError
from pipelines.places import DATA
from pipelines.working_folder import HOME, IN_FORCE, in_force, use


@pytest.fixture(autouse=True)
def afterwards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("RINGFENCE_")]:
        monkeypatch.delenv(name)
    yield
    use(None)
    os.environ.pop(IN_FORCE, None)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with working_home(tmp_path / "home") as made:
        yield made


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (["--home", "{home}", "run", "--quiet"], ["run", "--quiet"]),
        (["run", "--home={home}", "--quiet"], ["run", "--quiet"]),
        (["expectations", "history", "--home", "{home}"], ["expectations", "history"]),
    ],
)
def test_the_option_may_stand_anywhere(home: Path, words: list[str], rest: list[str]) -> None:
    use(None)
    assert take_home([word.format(home=home) for word in words]) == (rest, None)
    assert in_force() == home


def test_what_follows_two_hyphens_is_no_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert take_home(["explain", "--", "--home", "x"])[0] == ["explain", "--", "--home", "x"]
    assert in_force() is None


def test_the_variable_is_not_taken_for_a_misspelt_one() -> None:
    refuse_misspelt_variables({HOME: "x", IN_FORCE: "x"})


def test_an_option_goes_before_the_environment_and_that_before_the_working_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert from_environment("OUT") == home / "runs" and from_environment("RETURNS") is None
    monkeypatch.setenv("RINGFENCE_OUT", "elsewhere")
    assert from_environment("OUT") == Path("elsewhere")


def test_settings_of_the_working_folder_are_in_force_and_paths_in_them_start_there(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "settings.toml").write_text(
        '[lists]\nreview = 21\n[transfer]\nfile = "given/allocated.csv"\n[inputs]\nanswers = "came back"\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(home / "suites")
    assert cli.main(["settings"]) == 0
    assert "lists.review = 21   (default 15)" in capsys.readouterr().out
    own = load_settings(home / "settings.toml")
    assert transfer_file(None, own) == home / "given" / "allocated.csv"
    assert answers_folder(None, own) == home / "came back"
    assert transfer_file(Path("x.csv"), own) == Path("x.csv")


def test_a_command_outside_has_no_working_folder_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home.parent)
    assert cli.main(["settings"]) == 0
    assert in_force() is None


def test_a_folder_that_is_none_is_refused_and_its_run_leaves_no_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (DATA / "runs" / "status.json").stat().st_mtime_ns if (DATA / "runs" / "status.json").exists() else None
    assert cli.main(["run", "--home", str(tmp_path)]) == 11
    assert "it is no working folder" in capsys.readouterr().err
    after = (DATA / "runs" / "status.json").stat().st_mtime_ns if (DATA / "runs" / "status.json").exists() else None
    assert before == after


def test_a_changed_suite_is_another_input_and_a_change_meanwhile_is_refused(home: Path) -> None:
    suite = home / "suites" / "rs.yaml"
    suite.write_text("one", encoding="utf-8")
    (home / "suites" / ".swp").write_text("an editor's", encoding="utf-8")
    described = describe_own()
    assert [item["file_name"] for item in described] == ["own/suites/rs.yaml"]
    refuse_changed(described)
    suite.write_text("two", encoding="utf-8")
    assert describe_own() != described
    with pytest.raises(InputError, match="suites/rs.yaml: the file changed while it was read"):
        refuse_changed(described)


def test_a_run_says_what_of_the_working_folder_serves(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "evidence" / "conclusions.csv").touch()
    say_home(describe_own(), quiet=False)
    assert capsys.readouterr().out == f"Working folder: {home} (evidence, settings.toml)\n"
    say_home(describe_own(), quiet=True)
    use(None)
    say_home([], quiet=False)
    assert capsys.readouterr().out == ""


def test_init_lays_out_what_the_page_in_it_describes(tmp_path: Path) -> None:
    made = lay_out(tmp_path / "new" / "home", figures=True)
    text = (made / "README.md").read_text(encoding="utf-8")
    folders = sorted(path.name for path in made.iterdir() if path.is_dir())
    assert folders == ["evidence", "features", "payments", "reference", "returns", "sources", "suites", "tables"]
    assert all(f"`{name}/`" in text for name in folders)
    for name in ("returns", "payments"):
        ours = {path.name: path.read_bytes() for path in (DATA / name).iterdir() if path.is_file()}
        assert {path.name: path.read_bytes() for path in (made / name).iterdir()} == ours
    assert load_settings(made / "settings.toml").changed_from(load_settings()) == {}
    commented = "\n".join(
        line.removeprefix("# ") for line in (made / "settings.toml").read_text("utf-8").splitlines()[3:]
    )
    (made / "settings.toml").write_text(commented, encoding="utf-8")
    assert load_settings(made / "settings.toml").changed_from(load_settings()), "every example in it is a setting"


@pytest.mark.parametrize("there", ["file", "link", "full", "working"])
def test_init_overwrites_nothing(tmp_path: Path, there: str, capsys: pytest.CaptureFixture[str]) -> None:
    place, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    if there == "file":
        place.touch()
    elif there == "link":
        place.symlink_to(elsewhere)
    elif there == "full":
        place.mkdir()
        (place / "mine.txt").touch()
    else:
        lay_out(place)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    assert cli.main(["init", str(place)]) == 11
    assert str(place) in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
