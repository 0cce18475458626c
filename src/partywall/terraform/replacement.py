"""One text put in the place of another, in texts of which parts are not known and in JSON that is kept as structure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from partywall.terraform.function_table import NotKnown
from partywall.terraform.function_text import joined
from partywall.text.structured import JsonArray, JsonObject
from partywall.value import Choice, Known, Setting, Unknown

_JSON = frozenset('"\\{}[],:')
"""Characters that are not only part of a text in JSON."""


def replaced(value: Setting, wanted: str, new: Setting) -> Setting:
    """A text with every occurrence of another replaced; both it and what comes instead may be known in part.

    Raises NotKnown where what is unknown may have a share in an occurrence.
    """
    if isinstance(value, Known) and isinstance(value.it, JsonObject | JsonArray):
        if not wanted or _JSON.intersection(wanted) or _JSON.intersection(_literal(new)):
            raise NotKnown("a part of the JSON is unknown")
        return _inside(value, wanted, new)
    if isinstance(value, Known) and isinstance(value.it, str) and wanted and wanted not in value.it:
        return value
    if isinstance(value, Unknown) and (not value.parts or not wanted or _may_straddle(value.parts, wanted)):
        raise NotKnown(value.why)
    if not wanted:
        raise NotKnown(new.why if isinstance(new, Unknown) else "what comes instead depends on a condition")
    return _text(value, wanted, new)


def _inside(value: Setting, wanted: str, new: Setting) -> Setting:
    if isinstance(value, Choice):
        arms = tuple((option, _inside(arm, wanted, new)) for option, arm in value.arms)
        return Choice(value.variable, arms, value.span, value.references, value.origin)
    if isinstance(value, Unknown):
        return _text(value, wanted, new) if value.parts and not _may_straddle(value.parts, wanted) else value
    it = value.it
    made: object
    if isinstance(it, Mapping):
        made = {key: _inside(item, wanted, new) for key, item in it.items()}
        made = JsonObject(made) if isinstance(it, JsonObject) else made
    elif isinstance(it, tuple):
        made = tuple(_inside(item, wanted, new) for item in it)
        made = JsonArray(made) if isinstance(it, JsonArray) else made
    else:
        return _text(value, wanted, new) if isinstance(it, str) and wanted in it else value
    return Known(made, value.span, value.references, value.origin, value.sensitive)


def _text(value: Setting, wanted: str, new: Setting) -> Setting:
    assert not isinstance(value, Choice)
    parts = (str(value.it),) if isinstance(value, Known) else value.parts or ()
    why = value.why if isinstance(value, Unknown) else ""
    pieces: list[Setting] = []
    for part in parts:
        if part is None:
            pieces.append(Unknown(why))
            continue
        for at, piece in enumerate(part.split(wanted)):
            pieces += [new, Known(piece)] if at else [Known(piece)]
    made = joined(pieces)
    references = tuple(dict.fromkeys((*value.references, *made.references)))
    if isinstance(made, Unknown):
        return Unknown(made.why, value.span, references, made.parts, value.origin, value.sensitive or made.sensitive)
    assert isinstance(made, Known)
    return Known(made.it, value.span, references, value.origin, value.sensitive or made.sensitive)


def _literal(value: Setting) -> str:
    if isinstance(value, Known):
        return str(value.it)
    return "".join(part or "" for part in (value.parts if isinstance(value, Unknown) else None) or ())


def _may_straddle(parts: tuple[str | None, ...], wanted: str) -> bool:
    """Whether an occurrence may begin or end in what is not known."""
    ends = [part for part, after in pairwise(parts) if part is not None and after is None]
    begins = [part for before, part in pairwise(parts) if part is not None and before is None]
    sizes = range(1, len(wanted))
    return any(part.endswith(wanted[:size]) for part in ends for size in sizes) or any(
        part.startswith(wanted[size:]) for part in begins for size in sizes
    )
