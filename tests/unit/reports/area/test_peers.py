"""Peers: named as the run holds them; the table of years ends with the last judged one."""

from __future__ import annotations

from reports.area.peers_section import named_peers, peer_years, peers_part
from reports.words.read_run import Run

AREAS = {
    f"E{place}": {"area_code": f"E{place}", "area_name": f"Area {place}", "class": "london" if place else "county"}
    for place in range(12)
}


def peers_of(*codes: str) -> list[dict[str, object]]:
    return [
        {
            "place": place,
            "peer_code": code,
            "adults": 2e5 + place,
            "deprivation_score": 20.0,
            "own_per_adult_gbp": 300.0,
        }
        for place, code in enumerate(codes)
    ]


def test_peers_are_those_that_the_run_holds_the_nearest_first_and_each_once():
    rows = {"W1": peers_of("E0", "E3", "E1")[::-1], "W2": peers_of("E0", "E1", "E5")}
    table = named_peers(("W1", "W2"), rows, AREAS).table
    assert table is not None
    assert [row[0].text for row in table.rows] == ["Area 0", "Area 3", "Area 1", "Area 5"]
    assert [[cell.text for cell in row[4:]] for row in table.rows] == [
        ["300", "300"], ["300", ""], ["300", "300"], ["", "300"],
    ]  # fmt: skip
    assert [row[0].href for row in table.rows] == ["", "areas/E3.html", "areas/E1.html", "areas/E5.html"]


def test_a_window_without_peers_is_named_and_a_run_without_them_says_so():
    part = named_peers(("W1", "W2"), {"W1": peers_of("E0", "E1"), "W2": []}, AREAS)
    assert "No peers are held for this area in: Better Care Fund." in part.sentence
    assert part.table is not None
    assert "Section 256 transfers and Better Care Fund" in named_peers(("W1", "W2"), {}, AREAS).empty


def test_the_table_of_years_ends_with_the_last_judged_year_and_the_chart_goes_on():
    years = [
        {"area_code": code, "financial_year": year, "own_funded_real_gbp": 4e7, "population_18_plus": 1e5}
        for code in AREAS
        for year in ("2018-19", "2019-20", "2020-21")
    ]
    held = peer_years(Run({"run_id": "x"}, {"area": list(AREAS.values()), "area_year": years}))
    part = peers_part(held, AREAS["E0"])
    assert part.table is not None and part.figure is not None
    assert [row[0].text for row in part.table.rows] == ["2018-19", "2019-20"]
    assert part.sentence.startswith("In 2019-20 Area 0 spent 400")
    assert ">20-21</text>" in part.figure.chart()
    assert "social-care grants" in part.heading and "judged series leaves those grants out" in part.table.note
