"""Report formats: a module each, with `render` from a report to text; only the ones asked for are imported."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING:
    from partywall.check import Report
    from partywall.report.style import Style

Renderer: TypeAlias = "Callable[[Report, Sequence[str], Style], str]"

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown")
"""What `--format` knows, each the name of a module."""


def renderer(name: str) -> Renderer:
    """The renderer of a format: the findings of some verdicts as text, colours and width as the style says."""
    return cast("Renderer", importlib.import_module(f"{__name__}.{name}").render)
