"""The blocks of docs/from-python.md, and the notebook made of them: `python tests/functional/from_python_page.py`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "from-python.md"
NOTEBOOK = ROOT / "docs" / "examples" / "from-python.ipynb"
BLOCK = re.compile(r"(?:<!-- needs: (\w+) -->\n\n)?```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)]+)\)")


class Block(NamedTuple):
    """A block of code, what it prints, and the library it needs beside ours."""

    code: str
    printed: str
    needs: str


def blocks() -> list[Block]:
    """Every block of the page in order."""
    found = BLOCK.finditer(PAGE.read_text(encoding="utf-8"))
    return [Block(match[2], match[3] or "", match[1] or "") for match in found]


def _cell(kind: str, number: int, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
    cell["source"] = text.strip("\n").splitlines(keepends=True)
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def notebook() -> dict[str, Any]:
    """The page as a notebook: text between the blocks, the blocks as cells with what they print."""
    text, cells, at = PAGE.read_text(encoding="utf-8"), list[dict[str, Any]](), 0
    for match in BLOCK.finditer(text):
        if between := text[at : match.start()].strip():
            between = between.replace("; [the same as a notebook](examples/from-python.ipynb)", "")
            cells.append(_cell("markdown", len(cells), LINK.sub(r"](../\1)", between)))
        cell = _cell("code", len(cells), match[2])
        if match[3]:
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": match[3].splitlines(keepends=True)}]
        cells.append(cell)
        at = match.end()
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def notebook_text() -> str:
    """The notebook as it is committed."""
    return json.dumps(notebook(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    NOTEBOOK.write_text(notebook_text(), encoding="utf-8")
