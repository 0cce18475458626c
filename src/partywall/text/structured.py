"""JSON text whose structure is known, wholly or in part."""

from __future__ import annotations

from partywall.value import Setting


class JsonText(str):
    """JSON text that still knows the structure it was made from."""

    structure: Setting

    @classmethod
    def of(cls, text: str, structure: Setting) -> JsonText:
        """Text with its structure."""
        made = cls(text)
        made.structure = structure
        return made


class JsonObject(dict[str, Setting]):
    """A JSON object whose text is not wholly known: its structure stands for the text."""

    __slots__ = ()


class JsonArray(tuple[Setting, ...]):
    """A JSON array whose text is not wholly known: its structure stands for the text."""

    __slots__ = ()
