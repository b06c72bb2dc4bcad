"""What frames every page's words."""

from __future__ import annotations

import pytest

from reports.words.frame import spoken_name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Bristol, City of", "Bristol"),
        ("Herefordshire, County of", "Herefordshire"),
        ("Dorset with Bournemouth, Christchurch and Poole", "Dorset with Bournemouth, Christchurch and Poole"),
    ],
)
def test_a_sentence_says_the_name_of_an_area_as_people_say_it(name, said):
    assert spoken_name(name) == said
