"""Whatever bytes a payment file holds, it is read or refused with a reason, its account closes, and it takes no age.

RINGFENCE_FUZZ_CASES sets the number of cases; `make fuzz` takes many more.
"""

from __future__ import annotations

import io
import os
import random
import time
from collections import Counter

import pytest
from fuzz_inputs import broken
from fuzz_payment_inputs import FORMS, HEAD, payment_seeds, read_payment_bytes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.payments.sheet.blocks import quick_blocks

CASES = int(os.environ.get("RINGFENCE_FUZZ_CASES", "40"))
SLOWEST = 5.0
BEGINNINGS = (b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\xff\xfe", b"\xef\xbb\xbf", ",".join(HEAD).encode() + b"\n")


def timed(data: bytes) -> str:
    begun = time.process_time()
    outcome = read_payment_bytes(data)
    assert time.process_time() - begun < SLOWEST
    return outcome


@pytest.mark.parametrize("number", range(len(FORMS)), ids=FORMS)
def test_a_sound_payment_file_is_read_and_broken_at_random_or_cut_short_it_is_read_or_refused(number: int) -> None:
    whole, random_ = payment_seeds()[number], random.Random(number)
    assert timed(whole) == "read"
    found = Counter(timed(broken(whole, random_)) for _ in range(CASES))
    found += Counter(timed(whole[:at]) for at in range(0, len(whole), max(1, len(whole) // 10)))
    assert set(found) <= {"read", "refused"}


@settings(max_examples=CASES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(beginning=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=2_000))
def test_arbitrary_bytes_of_a_payment_file_are_read_or_refused(beginning: bytes, rest: bytes) -> None:
    timed(beginning + rest)


def test_a_row_of_another_length_stands_where_it_stood_when_its_file_is_read_in_pieces_without_an_end_of_line() -> None:
    class Pieces(io.RawIOBase):
        def __init__(self) -> None:
            super().__init__()
            self.left = [b"1,2\n3\n", b"4,5", b"\n6", b""]

        def readable(self) -> bool:
            return True

        def read(self, _size: int = -1) -> bytes:
            return self.left.pop(0) if self.left else b""

    blocks = list(quick_blocks(Pieces, ",", width=2))
    assert [text for block in blocks for text in block.columns[0].to_pylist()] == ["1", "3", "4", "6"]
    assert [number for block in blocks for number in block.numbers.tolist()] == [0, 1, 2, 3]


@pytest.mark.parametrize("data", [b"\xff\xfe", b"\xef\xbb\xbf", b"\xff\xfe\r\x00\n\x00"])
def test_a_file_of_nothing_but_a_mark_of_its_encoding_is_refused(data: bytes) -> None:
    assert read_payment_bytes(data) == "refused"
