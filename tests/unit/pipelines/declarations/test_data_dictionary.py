"""The data dictionary says what the declarations say."""

from pipelines.declarations.catalogue import tables
from pipelines.declarations.data_dictionary import LAYERS, PAGE, data_dictionary


def test_the_committed_dictionary_is_what_the_declarations_give():
    assert PAGE.read_text(encoding="utf-8") == data_dictionary(), (
        "run: python -m pipelines.declarations.data_dictionary"
    )


def test_every_table_stands_in_the_dictionary():
    assert {table.layer for table in tables().values()} <= set(LAYERS)
