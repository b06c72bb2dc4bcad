"""The working folder: how it is found, what in it serves, what it adds and what is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_home import working_home

from audit.commands.init import lay_out
from audit.method.unusual.features import features
from expectations.quarantine.releases import Release, add_release, load_releases, register
from expectations.suite.suite import load_suites
from pipelines import places, working_folder
from pipelines.areas.authorities import directory
from pipelines.declarations.catalogue import map_of, sources, tables
from pipelines.declarations.declared_files import named
from pipelines.declarations.declared_folders import printed, replaced
from pipelines.errors import DefinitionError, InputError
from pipelines.payments.words.vocabulary import spellings
from pipelines.processes.engine import program_id
from pipelines.processes.run_lock import hold
from pipelines.supplied.supplied_tables import read_supplied_table
from pipelines.working_folder import HOME, find, in_home, own_files, refuse_installed, serving, to_write

CHECK = """- code: OFFICE-RS
  type: expect_column_values_to_not_be_null
  kwargs: {column: financial_year}
  severity: info
  on_failure: report
  because: A check of the office that every row has a year.
  reference: our own
  added_by: audit office
  review_by: 2030-01
"""
RELEASE = Release("r1", "RS-JUMP-ADULT", "2027-01-31", "The council, asked, confirmed the figure", "audit lead")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with working_home(tmp_path / "home") as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME, raising=False)


def test_it_is_found_from_the_current_folder_upwards_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = lay_out(tmp_path / "home")
    deep = made / "returns" / "2027" / "first"
    deep.mkdir(parents=True)
    for here in (made, made / "suites", deep):
        monkeypatch.chdir(here)
        assert find() == made
    monkeypatch.chdir(tmp_path)
    assert find() is None


def test_a_marker_laid_among_the_data_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = lay_out(tmp_path / "home")
    for name in ("returns", "payments", "evidence"):
        laid = lay_out(made / name / "from somebody")
        monkeypatch.chdir(laid / "suites")
        assert find() == made
    monkeypatch.chdir(lay_out(made / "another job"))
    assert find() == made / "another job"


def test_what_another_user_made_is_used_only_when_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = lay_out(tmp_path / "home")
    monkeypatch.chdir(made)
    monkeypatch.setattr(os, "getuid", lambda: (made / "ringfence.toml").stat().st_uid + 1)
    with pytest.raises(
        InputError, match="ringfence.toml: the working folder belongs to another user. Name it with --home"
    ):
        find()
    assert find(str(made)) == made


def test_a_named_folder_goes_before_the_current_one_and_the_option_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, other = (lay_out(tmp_path / name) for name in ("here", "there", "other"))
    monkeypatch.chdir(here)
    monkeypatch.setenv(HOME, str(there))
    assert find() == there
    assert find(str(other)) == other
    assert find(os.path.relpath(other)) == other


def test_the_clone_itself_is_no_working_folder_and_a_named_folder_must_be_one(tmp_path: Path) -> None:
    assert find(str(places.ROOT)) is None
    for folder, said in ((tmp_path, "it is no working folder"), (tmp_path / "absent", "there is no such folder")):
        with pytest.raises(InputError, match=said) as refused:
            find(str(folder))
        assert "ringfence init FOLDER" in str(refused.value)


@pytest.mark.parametrize(("name", "meant"), [("return", "returns"), ("suite", "suites"), ("Sources", "sources")])
def test_a_folder_named_nearly_like_one_that_is_read_is_refused(home: Path, name: str, meant: str) -> None:
    (home / name).mkdir()
    with pytest.raises(DefinitionError, match=f"{name}: nothing reads a folder of this name. Expected {meant}"):
        find(str(home))


def test_a_folder_of_the_users_own_is_left_alone(home: Path) -> None:
    for name in ("letters", "old", ".git", "papers"):
        (home / name).mkdir()
    assert find(str(home)) == home


def test_a_list_to_which_nothing_is_added_is_refused_by_its_name(home: Path) -> None:
    (home / "reference" / "response.csv").touch()
    with pytest.raises(DefinitionError, match="reference/response.csv: nothing is added to a list of this name"):
        find(str(home))


def test_an_empty_folder_serves_nothing_and_one_with_a_file_serves(home: Path) -> None:
    assert serving("RETURNS") is None and serving("ANSWERS") is None and serving("TRANSFERS") is None
    assert serving("OUT") == home / "runs" and serving("SETTINGS") == home / "settings.toml"
    for name in (".hidden", "~$open.xlsx", "README.md", "SOURCES.csv"):
        (home / "returns" / name).touch()
    (home / "returns" / "2027").mkdir()
    assert serving("RETURNS") is None
    (home / "returns" / "2027" / "rs.xlsx").touch()
    (home / "transfers.csv").touch()
    assert serving("RETURNS") == home / "returns" and serving("TRANSFERS") == home / "transfers.csv"


def test_without_a_working_folder_nothing_serves() -> None:
    assert serving("OUT") is None and own_files() == {} and in_home("x") == Path("x")


def test_a_suite_adds_to_the_shipped_one_of_its_table(home: Path) -> None:
    before = load_suites()
    (home / "suites" / "rs.yaml").write_text(CHECK, encoding="utf-8")
    after = load_suites()
    assert [check.code for check in after["rs"]] == [*(check.code for check in before["rs"]), "OFFICE-RS"]
    assert after["rs"][-1].file == "suites/rs.yaml"
    assert {name: after[name] for name in after if name != "rs"} == {
        name: before[name] for name in before if name != "rs"
    }


def test_a_code_that_is_shipped_is_refused_naming_both_files(home: Path) -> None:
    (home / "suites" / "ro3.yaml").write_text(CHECK.replace("OFFICE-RS", "RS-JUMP-ADULT"), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load_suites()
    assert refused.value.exit_code == 10
    assert "expectations/suites/rs.yaml, line " in str(refused.value) and "suites/ro3.yaml, line 1" in str(
        refused.value
    )


def test_a_source_a_table_and_a_feature_take_the_place_of_shipped_ones_or_stand_beside_them(home: Path) -> None:
    shipped = dict(sources())
    text = (places.ROOT / "pipelines" / "sources" / "deflator.toml").read_text(encoding="utf-8")
    columns = (places.ROOT / "pipelines" / "sources" / "deflator" / "columns.csv").read_text(encoding="utf-8")
    feature = (places.ROOT / "audit" / "features" / "care_share.toml").read_text(encoding="utf-8")
    table = (places.ROOT / "pipelines" / "tables" / "deflator.toml").read_text(encoding="utf-8")
    for code in ("deflator", "office_prices"):
        (home / "sources" / code).mkdir()
        (home / "sources" / code / "columns.csv").write_text(columns, encoding="utf-8")
        (home / "sources" / f"{code}.toml").write_text(
            text.replace('code = "deflator"', f'code = "{code}"').replace("GDP", "Our GDP"), encoding="utf-8"
        )
        (home / "tables" / f"{code}.toml").write_text(
            table.replace('name = "deflator"', f'name = "{code}"', 1), encoding="utf-8"
        )
    (home / "features" / "care_share.toml").write_text(feature.replace("Care's share", "Our share"), encoding="utf-8")
    (home / "features" / "another.toml").write_text(feature.replace("care_share", "another"), encoding="utf-8")
    working_folder.use(None)
    working_folder.use(home)
    assert set(sources()) == {*shipped, "office_prices"} and "office_prices" in tables()
    assert sources()["deflator"].title != shipped["deflator"].title
    assert [one.code for one in features()].count("care_share") == 1 and "another" in {one.code for one in features()}
    assert next(one for one in features() if one.code == "care_share").label.startswith("Our share")
    assert map_of(sources()["deflator"]) == "sources/deflator/columns.csv"
    assert map_of(sources()["rs"]) == "pipelines/sources/rs/columns.csv"
    assert printed("table", "office_prices") == "tables/office_prices.toml"
    assert replaced() == [
        ("tables/deflator.toml", "pipelines/tables/deflator.toml"),
        ("sources/deflator.toml", "pipelines/sources/deflator.toml"),
        ("features/care_share.toml", "audit/features/care_share.toml"),
    ]


def test_a_declaration_in_the_wrong_folder_is_sent_to_the_right_one_of_the_working_folder(home: Path) -> None:
    (home / "features" / "x.toml").write_text('publisher = "P"\ncode = "x"\n', encoding="utf-8")
    with pytest.raises(DefinitionError, match="Move it to 'sources/x.toml'"):
        features.cache_clear()
        features()


def test_lists_add_to_the_shipped_ones(home: Path) -> None:
    lists = {
        "area_names.csv": "name,authority_code\nThe Borough Beyond,E4503\n",
        "payment_vocabulary.csv": "field,spelling\namount,Pounds handed over\n",
        "known_explanations.csv": "",
    }
    shipped = (places.REFERENCE / "known_explanations.csv").read_text(encoding="utf-8").splitlines()
    lists["known_explanations.csv"] = shipped[0] + "\n"
    for name, text in lists.items():
        (home / "reference" / name).write_text(text, encoding="utf-8")
    working_folder.use(None)
    without = (directory().find("name", "The Borough Beyond"), "pounds handed over" in spellings(), program_id())
    working_folder.use(home)
    found = directory().find("name", "The Borough Beyond")
    assert without[:2] == (None, False)
    assert found is not None and found.code == "E4503"
    assert spellings()["pounds handed over"] == "amount"
    assert program_id() != without[2], "workers of a cluster that add other rows are told apart"
    assert read_supplied_table("known_explanations", set()) == []


def test_one_key_in_both_files_of_a_list_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipelines.supplied.supplied_tables as module

    columns = tables()["responses"].column_names
    values = {"area_code": "E06000054", "date": "2027-01-31", "financial_year": "2014-15"}
    row = ",".join(values.get(name, "council said so") for name in columns)
    both = (tmp_path / "one" / "responses.csv", home / "reference" / "responses.csv")
    for path in both:
        path.parent.mkdir(exist_ok=True)
        path.write_text(",".join(columns) + "\n" + row + "\n", encoding="utf-8")
    monkeypatch.setattr(module, "with_own", lambda path: both)
    monkeypatch.setattr(module, "strict_rows", lambda name, lines, **_: ([(2, dict(zip(*lines, strict=True)))], []))
    with pytest.raises(InputError, match="stands in one/responses.csv too"):
        read_supplied_table("responses", {"E06000054"})


def test_a_release_goes_to_the_working_folder_and_is_read_with_the_shipped_ones(home: Path) -> None:
    shipped = load_releases()
    assert register() == home / "reference" / "releases.csv"
    add_release(RELEASE, register())
    assert load_releases() == (*shipped, RELEASE)
    with pytest.raises(DefinitionError, match="already released"):
        add_release(RELEASE, register())
    assert len((home / "reference" / "releases.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_names_are_printed_as_they_lie_in_the_working_folder(home: Path) -> None:
    assert named(home / "sources" / "x" / "columns.csv") == "sources/x/columns.csv"
    assert named(places.ROOT / "pipelines" / "places.py") == "pipelines/places.py"


def test_nothing_is_written_below_an_installed_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working_folder, "INSTALLED", True)
    monkeypatch.setattr(working_folder, "ROOT", tmp_path / "site-packages")
    program = tmp_path / "site-packages" / "pipelines" / "data"
    program.mkdir(parents=True)
    (tmp_path / "link").symlink_to(program)
    for place in (program / "runs", tmp_path / "link" / "runs", program / ".." / "x"):
        with pytest.raises(InputError, match="it lies in the installed program, where nothing is written"):
            refuse_installed(place)
    with pytest.raises(InputError, match="ringfence init FOLDER"):
        to_write(program / "reference" / "releases.csv", "reference/releases.csv")
    with pytest.raises(InputError, match="installed program"), hold(program / "runs"):
        pass
    assert not (program / "runs").exists()
    refuse_installed(tmp_path / "elsewhere")
    assert to_write(tmp_path / "here.csv", "x") == tmp_path / "here.csv"
