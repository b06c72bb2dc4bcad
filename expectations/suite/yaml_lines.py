"""Read YAML and keep the line of everything, so that a message can say where.

In: the text of a YAML file. Out: `Node`s holding plain values and the line each began on. Refused: malformed YAML, a
key given twice, aliases, and anything but text, numbers, booleans, dates, lists and mappings.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import yaml

from pipelines.errors import DefinitionError, Place


@dataclass(frozen=True)
class Node:
    """A value of a YAML file with its line. A mapping holds Nodes by key, a list holds Nodes."""

    value: Any
    line: int

    def plain(self) -> Any:
        """The value without line numbers."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.entries()]
        return self.value

    def items(self) -> list[tuple[str, Node]]:
        """Keys and nodes of a mapping (empty for anything else)."""
        found: dict[str, Node] = self.value if isinstance(self.value, dict) else {}
        return list(found.items())

    def entries(self) -> list[Node]:
        """Nodes of a list (empty for anything else)."""
        found: list[Node] = self.value if isinstance(self.value, list) else []
        return list(found)


def read_yaml(text: str, name: str) -> Node | None:
    """Parse `text` of the file called `name`. None for an empty file. Raises DefinitionError with the line."""
    fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, where the library was built with it
    loader = fast(text)
    try:
        root = loader.get_single_node()
        return None if root is None else _convert(loader, root, name, set())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        row = mark.line + 1 if mark is not None else None
        raise DefinitionError(
            f"not valid YAML: {problem}", place=Place(name, line=row), do="Mend the file; mind the indentation."
        ) from error
    finally:
        loader.dispose()


def _convert(loader: Any, node: yaml.Node, name: str, seen: set[int]) -> Node:
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise DefinitionError("an alias (*) is used", place=Place(name, line=line), do="Write the value out.")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in found:
                where = Place(name, line=key_node.start_mark.line + 1)
                raise DefinitionError(f"key '{key}' is given twice", place=where, do="Remove one of them.")
            found[key] = _convert(loader, value_node, name, seen)
        return Node(found, line)
    if isinstance(node, yaml.SequenceNode):
        return Node([_convert(loader, item, name, seen) for item in node.value], line)
    value: Any = loader.construct_object(node)
    if isinstance(value, datetime.date):
        value = value.isoformat()
    if value is not None and not isinstance(value, str | int | float | bool):
        raise DefinitionError("a value of a kind that is not allowed", place=Place(name, line=line))
    return Node(value, line)
