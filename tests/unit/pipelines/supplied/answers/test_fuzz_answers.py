"""Whatever bytes a file of a folder of answers holds, its reader names what is wrong and nothing else happens.

RINGFENCE_FUZZ_CASES sets the number of cases.
"""

from __future__ import annotations

import io
import os
import random
import time
import zipfile
from pathlib import Path

import pytest
from fuzz_inputs import INTERESTING
from made_answers import AREAS, TWO, WINDOWS, filled_book, put, put_csv_answer

from pipelines.declarations.limits import defaults
from pipelines.supplied.answers.answer_records import Expected
from pipelines.supplied.answers.read_answer_file import read_answer_file

CASES = int(os.environ.get("RINGFENCE_FUZZ_CASES", "150"))
SLOWEST = 5.0


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A filled workbook and four filled CSV forms."""
    folder = tmp_path_factory.mktemp("sound")
    put_csv_answer(folder, code=TWO)
    return [put(folder, filled_book()).read_bytes(), *(path.read_bytes() for path in sorted((folder / TWO).iterdir()))]


def broken(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made))
        made[at : at + chance.randint(0, 6)] = chance.choice((*INTERESTING, b",", b";", b"\n"))
    return bytes(made)


def broken_part(data: bytes, chance: random.Random) -> bytes:
    """The workbook with one part broken within a sound archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(stream, "w") as made:
        chosen = chance.choice(archive.namelist())
        for part in archive.namelist():
            held = archive.read(part)
            made.writestr(part, broken(held, chance) if part == chosen else held)
    return stream.getvalue()


@pytest.mark.parametrize("way", ["bytes", "part", "table"])
def test_a_broken_file_is_read_or_its_problem_is_named(tmp_path: Path, sound: list[bytes], way: str):
    chance = random.Random(way)  # noqa: S311 - the same cases every time
    path, expected = tmp_path / "file", Expected(AREAS, WINDOWS)
    outcomes: set[bool] = set()
    for _ in range(CASES):
        data = chance.choice(sound[1:]) if way == "table" else sound[0]
        path.write_bytes(broken_part(data, chance) if way == "part" else broken(data, chance))
        begun = time.process_time()
        found = read_answer_file(path, defaults(), expected, str(tmp_path))
        assert time.process_time() - begun < SLOWEST
        assert not [problem.what for problem in found.problems if "its content cannot be read" in problem.what]
        outcomes.add(found.refused)
    assert True in outcomes
