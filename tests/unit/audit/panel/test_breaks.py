"""The register of series breaks."""

from __future__ import annotations

from audit.panel.breaks import codes_for, register


def test_the_learning_disability_transfer_touches_every_area_in_2011_12() -> None:
    assert "learning-disability-2011" in codes_for("E06000001", "2011-12")


def test_a_reorganisation_touches_only_its_areas() -> None:
    assert "reorganisation-2019" in codes_for("E06000059", "2019-20")
    assert "reorganisation-2019" not in codes_for("E06000001", "2019-20")


def test_codes_are_unique_and_each_break_says_what_and_why() -> None:
    codes = [item.code for item in register()]
    assert len(set(codes)) == len(codes)
    assert all(item.what and item.source for item in register())
