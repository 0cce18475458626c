"""Report formats: a module each, with `render` from a report to text; only the ones asked for are imported."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from partywall.check import Report
    from partywall.report.style import Style

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown")
"""What `--format` knows, each the name of a module."""


def renderer(name: str) -> Callable[[Report, Sequence[str], Style], str]:
    """The renderer of a format: the findings of some verdicts as text, colours and width as the style says."""
    return cast("Callable[[Report, Sequence[str], Style], str]", importlib.import_module(f"{__name__}.{name}").render)
