"""YAML → positioned data."""

from __future__ import annotations

from partywall.source import Source
from partywall.text.node import Document
from partywall.text.yaml_scalar import UnusualError
from partywall.text.yaml_scanner import scan


def read_yaml(source: Source) -> Document:
    """The only document of a YAML text; raises TextError with the place of what is wrong.

    The scanner reads what people write and leaves the rest, errors included, to the parser's events.
    """
    try:
        return scan(source)
    except UnusualError:
        from partywall.text.yaml_events import read_events

        return read_events(source)
