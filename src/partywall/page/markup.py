"""Elements of a page: whatever is not made here is text, and is escaped."""

from __future__ import annotations

import html
import re

_VOID = frozenset({"meta", "input", "br"})
_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What HTML does not allow in a text, or UTF-8 in a file."""


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Child = str | None
Attribute = str | int | bool | None


def element(tag: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """An element; None is left out, True is an attribute without value, `class_` and `data_x` are class and data-x."""
    return Markup(f"{_opening(tag, attributes)}{joined(*children)}{'' if tag in _VOID else f'</{tag}>'}")


def _opening(tag: str, attributes: dict[str, Attribute]) -> str:
    parts = [tag]
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if not _NAME.match(attribute) or attribute.startswith("on") or attribute == "style":
            raise ValueError(f"no attribute {attribute} in a page")
        if value is True:
            parts.append(attribute)
        elif value is not None and value is not False:
            parts.append(f'{attribute}="{escaped(str(value))}"')
    return f"<{' '.join(parts)}>"


def joined(*children: Child) -> Markup:
    """Texts and elements one after the other."""
    return Markup("".join(it if isinstance(it, Markup) else escaped(it) for it in children if it is not None))


def escaped(text: str) -> str:
    """Text that stays text wherever in a page it stands."""
    return html.escape(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text))
