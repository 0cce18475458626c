"""Text inside Mermaid charts."""

from __future__ import annotations


def quoted(words: str) -> str:
    """Text for a label in quotation marks; nothing in it is markup or an entity."""
    escaped = words.replace("&", "&amp;").replace("#", "&#35;").replace('"', "&quot;")
    return escaped.replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
