"""Whatever bytes a file holds, its reader reads it or refuses it: nothing but a UserError, in bounded time.

RINGFENCE_FUZZ_CASES sets the number of cases; `make fuzz` takes many more.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter

import pytest
from fuzz_inputs import broken, read_everything, seeds, small_limits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = int(os.environ.get("RINGFENCE_FUZZ_CASES", "150"))
SLOWEST = 5.0
BEGINNINGS = (
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<stata_dta>",
    b"\x72\x02\x01",
    b"{",
    b"\xff\xfe",
)
LIMITS = small_limits()


def timed(data: bytes) -> str:
    begun = time.process_time()
    outcome = read_everything(data, LIMITS)
    assert time.process_time() - begun < SLOWEST
    return outcome


@pytest.mark.parametrize("number", range(len(seeds())))
def test_every_made_file_is_read_as_it_is(number: int) -> None:
    assert timed(seeds()[number]) in ("read", "recognised")


@settings(max_examples=CASES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(beginning=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=2_000))
def test_arbitrary_bytes_are_read_or_refused(beginning: bytes, rest: bytes) -> None:
    timed(beginning + rest)


@pytest.mark.parametrize("number", range(len(seeds())))
def test_a_sound_file_broken_at_random_is_read_or_refused(number: int, record_property) -> None:
    random_ = random.Random(number)
    outcomes = Counter(timed(broken(seeds()[number], random_)) for _ in range(CASES))
    assert sum(outcomes.values()) == CASES
    for outcome, count in sorted(outcomes.items()):
        record_property(outcome, count)


@pytest.mark.parametrize("number", range(len(seeds())))
def test_a_sound_file_cut_short_anywhere_is_read_or_refused(number: int) -> None:
    whole = seeds()[number]
    for at in range(0, len(whole), max(1, len(whole) // 25)):
        timed(whole[:at])
