"""An area's page can be read: words to the end of what to ask, and of the whole page, over all areas of a real run."""

from __future__ import annotations

import re
import statistics
from html import unescape
from pathlib import Path

TO_ASK, PAGE = 1_500, 4_500
HIDDEN = re.compile(r"<(svg|style|script)\b.*?</\1>|<[^>]+>", re.DOTALL)


def words(html: str) -> int:
    return len(unescape(HIDDEN.sub(" ", html)).split())


def test_the_median_page_has_its_answer_and_its_proof_in_so_many_words(embedded_run: Path) -> None:
    to_ask, whole = list[int](), list[int]()
    for path in sorted((embedded_run / "site" / "areas").glob("*.html")):
        page = path.read_text(encoding="utf-8").split("<main", 1)[1].split("</main>")[0]
        end = page.index("</section>", page.index('id="questions"'))
        to_ask.append(words("<main" + page[:end]))
        whole.append(words("<main" + page))
    assert len(whole) > 100
    assert statistics.median(to_ask) <= TO_ASK
    assert statistics.median(whole) <= PAGE
    assert max(whole) < 2 * PAGE
