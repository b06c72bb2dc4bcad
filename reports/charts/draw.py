"""Draw Vega-Lite specifications to SVG with vl-convert: compiled once per shape, in processes, cached by content.

In: specifications by name. Out: finished SVG by name. Measured: four fifths of a drawing's cost is measuring text and
compiling, so a specification's shape (everything but its data) is compiled to Vega once per process and only the data
is replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache as remember
from pathlib import Path
from typing import Any

from reports.charts.finish_svg import finish

DRAWING = "5"
FEW = 16
BATCH = 20


def content_key(spec: Mapping[str, Any]) -> str:
    """The hash of a specification, of the drawing library's version and of this module's way of drawing."""
    from importlib.metadata import version

    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{DRAWING}\n{_library(version)}\n{text}".encode()).hexdigest()


@remember
def _library(version: Any) -> str:
    return str(version("vl-convert-python"))


@remember
def _compiled(shape: str) -> str:
    import vl_convert

    return json.dumps(vl_convert.vegalite_to_vega(json.loads(shape)))


def _coded(spec: Mapping[str, Any]) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Data with printed texts replaced by short codes, and the texts by code. Equal texts share a code: joins hold."""
    words: dict[str, str] = {}
    codes: dict[str, str] = {}

    def code(text: str) -> str:
        made = codes.setdefault(text, f"t{len(codes)}.")
        words[made] = text
        return made

    texts = spec["usermeta"]["texts"]
    datasets = {
        name: [
            {field: code(value) if field in texts and value else value for field, value in row.items()} for row in rows
        ]
        for name, rows in spec["datasets"].items()
    }
    return datasets, words


def draw_one(spec: Mapping[str, Any]) -> str:
    """One specification to bare SVG. The shape is compiled once per process; the data is put into the compiled form."""
    import vl_convert

    datasets, words = _coded(spec)
    vega: dict[str, Any] = json.loads(_compiled(json.dumps({**spec, "datasets": {name: [] for name in datasets}})))
    for entry in vega["data"]:
        if entry["name"] in datasets:
            entry["values"] = datasets[entry["name"]]
            entry.pop("url", None)
    return finish(vl_convert.vega_to_svg(json.dumps(vega), allowed_base_urls=[]), words)


def draw_batch(batch: Sequence[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, str]]:
    """Several specifications in one call, so that a worker's start is paid once."""
    return [(key, draw_one(spec)) for key, spec in batch]


def _store(folder: Path, key: str, svg: str) -> None:
    temporary = folder / f"{key}.{os.getpid()}.part"
    temporary.write_text(svg, encoding="utf-8")
    temporary.replace(folder / f"{key}.svg")


def drawing(
    specs: Mapping[str, Mapping[str, Any]], *, workers: int = 2, cache: Path | None = None
) -> Iterator[tuple[str, str]]:
    """Begin to draw, and yield (name, SVG) as each is done: the order is not fixed, the drawings are.

    Equal specifications are drawn once; those in `cache` not at all. Work starts at the call, so the caller can go on
    with other work before it asks for the first drawing.
    """
    names: dict[str, list[str]] = {}
    for name in sorted(specs):
        names.setdefault(content_key(specs[name]), []).append(name)
    held: dict[str, str] = {}
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
        for key in names:
            path = cache / f"{key}.svg"
            if path.is_file():
                held[key] = path.read_text(encoding="utf-8")
    missing = [(key, specs[found[0]]) for key, found in names.items() if key not in held]
    batches: Iterable[list[tuple[str, str]]] = ()
    if missing:
        batches = [draw_batch(missing)] if len(missing) <= FEW or workers < 2 else _in_parallel(missing, workers)
    return _each(names, held, batches, cache)


def _each(
    names: Mapping[str, Sequence[str]],
    held: Mapping[str, str],
    batches: Iterable[list[tuple[str, str]]],
    cache: Path | None,
) -> Iterator[tuple[str, str]]:
    for key, svg in held.items():
        yield from ((name, svg) for name in names[key])
    for batch in batches:
        for key, svg in batch:
            if cache is not None:
                _store(cache, key, svg)
            yield from ((name, svg) for name in names[key])


def draw_all(specs: Mapping[str, Mapping[str, Any]], *, workers: int = 2, cache: Path | None = None) -> dict[str, str]:
    """All specifications to SVG, by the same names."""
    return dict(drawing(specs, workers=workers, cache=cache))


def _in_parallel(missing: Sequence[tuple[str, Mapping[str, Any]]], workers: int) -> Iterator[list[tuple[str, str]]]:
    from joblib import Parallel, delayed

    size = max(1, min(BATCH, -(-len(missing) // (workers * 4))))
    batches = [missing[at : at + size] for at in range(0, len(missing), size)]
    begun: Any = Parallel(n_jobs=workers, return_as="generator_unordered", pre_dispatch="all")
    return begun(delayed(draw_batch)(batch) for batch in batches)
