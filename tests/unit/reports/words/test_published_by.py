"""Who published a run: printed as they said it, linked only where a link can do no harm, and nobody made up."""

from __future__ import annotations

import pytest

from reports.words.published_by import NOBODY, link_of, published_by, publisher_pairs


def told(**said: str) -> dict[str, object]:
    return {"settings": {f"publisher.{key}": value for key, value in said.items()}}


@pytest.mark.parametrize("text", ["https://example.org/x?y=1", "HTTP://example.org"])
def test_the_address_of_a_page_is_followed(text: str) -> None:
    assert link_of(text) == text


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "JAVASCRIPT://example.org", "data:text/html,x", "https:", "https://", "020 7946 0000",
     "a@b", "a b@example.org", "javascript:a@example.org", "a@example.org?cc=b@example.org", "ftp://example.org"],
)  # fmt: skip
def test_no_other_scheme_and_no_words_become_a_link(text: str) -> None:
    assert link_of(text) == ""


def test_a_mail_address_is_followed_as_one() -> None:
    assert link_of("audit@example.org") == "mailto:audit@example.org"


def test_the_publisher_leads_to_the_publication_and_the_contact_to_them() -> None:
    pairs = published_by(told(name="A & B", contact="audit@example.org", address="https://example.org/"))
    assert [(pair.label, pair.text, pair.href) for pair in pairs] == [
        ("Published by", "A & B", "https://example.org/"),
        ("Contact", "audit@example.org", "mailto:audit@example.org"),
    ]


def test_an_address_without_a_name_stands_by_itself() -> None:
    (pair,) = published_by(told(address="https://example.org/"))
    assert (pair.label, pair.href) == ("Published at", "https://example.org/")


def test_where_nobody_is_named_that_is_said() -> None:
    assert published_by({}) == published_by(told(name=" ")) == ()
    nobody, program = publisher_pairs(told(program="https://example.org/code"))
    assert nobody.text == f"{NOBODY} (settings publisher.*)."
    assert (program.text, program.href) == ("https://example.org/code",) * 2
