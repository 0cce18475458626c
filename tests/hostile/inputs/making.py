"""How hostile inputs are written, and where they are listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Maker = Callable[..., object]
"""Writes an input into a directory. Where it takes a size too, that of its default is the one to survive."""

M = TypeVar("M", bound=Maker)
INPUTS: dict[str, Maker] = {}

VOLUME = 'resource "aws_ebs_volume" "v{at}" {{\n  availability_zone = "eu-west-1a"\n  size = 1\n}}\n'


def hostile(make: M) -> M:
    """An input by the name of the function that writes it."""
    INPUTS[make.__name__] = make
    return make


def terraform(at: Path, text: str, name: str = "main.tf") -> None:
    """Write a file of a configuration."""
    (at / name).parent.mkdir(parents=True, exist_ok=True)
    (at / name).write_text(text, encoding="utf-8")


def template(at: Path, resources: dict[str, Any], name: str = "a.json", **sections: Any) -> None:
    """Write a template in one line."""
    (at / name).write_text(json.dumps({**sections, "Resources": resources}), encoding="utf-8")


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    """A resource of a template."""
    return {"Type": kind, "Properties": properties}
