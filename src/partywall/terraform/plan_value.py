"""Planned values: what the plan knows, laid over what the configuration says in the same place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from partywall.source import NOWHERE, Span
from partywall.terraform.conversion import ConversionError, text_of
from partywall.terraform.scope import Created
from partywall.text import node as text
from partywall.text.node import Node, Scalar
from partywall.text.structured import JsonArray, JsonObject, JsonText
from partywall.value import Choice, Known, Reference, Setting, Unknown, parts, plain

APPLIED = "known after apply"
MAX_MATCHED = 200
"""Beyond so many elements, those of a set are matched by position only."""

References = Callable[[Node | None], tuple[Reference, ...]]


def inner(node: Node | None, key: str | int) -> Node | None:
    """The part of a node under a key or index; None where there is none."""
    if isinstance(node, text.Mapping) and isinstance(key, str):
        return node.get(key)
    if isinstance(node, text.Sequence) and isinstance(key, int) and key < len(node.items):
        return node.items[key]
    return None


def is_true(node: Node | None) -> bool:
    """Whether a mask covers a whole value."""
    return isinstance(node, Scalar) and node.value is True


def masked(mask: Node | None, key: str | int) -> Node | None:
    """What a mask says of a part: a mask that covers the whole covers every part."""
    return mask if is_true(mask) else inner(mask, key)


def planned(
    node: Node | None,
    unknown: Node | None,
    sensitive: Node | None,
    *,
    written: Setting | None,
    expression: Node | None,
    references: References,
    place: Span,
) -> Setting:
    """One value of a plan.

    `unknown` and `sensitive` are the plan's masks; `written` is what the configuration beside the plan gives,
    `expression` and `references` what the plan itself says of the configuration. Where the plan does not know
    yet, what the configuration says stands; a value that both give is the plan's, at its place in the configuration.
    """
    here = _place(node, written, place)
    secret = is_true(sensitive)
    if is_true(unknown):
        return _open(written, here, references(expression), secret=secret)
    if isinstance(node, text.Sequence):
        return _list(node, unknown, sensitive, written, expression, references, here)
    if isinstance(node, text.Mapping):
        return _map(node, unknown, sensitive, written, expression, references, here)
    it = node.value if isinstance(node, Scalar) else None
    if written is not None and agrees(node, unknown, written) and not isinstance(written, Choice):
        if isinstance(written, Known):
            return replace(written, sensitive=True) if secret else written
        return Known(it, here, written.references, written.origin, secret or written.sensitive)
    named = written.references if written is not None else references(expression)
    return Known(it, here, named, sensitive=secret)


def _place(node: Node | None, written: Setting | None, around: Span) -> Span:
    """Where somebody wrote a value; the nearest place around it in a configuration goes before one in the plan."""
    if written is not None and written.span.line:
        return written.span
    return node.span if node is not None and node.span.path == around.path else around


def _open(written: Setting | None, here: Span, named: tuple[Reference, ...], *, secret: bool) -> Setting:
    if written is None:
        return Unknown(APPLIED, here, named, sensitive=secret)
    if isinstance(written, Known) and written.it is None:
        return Unknown(APPLIED, here, written.references, sensitive=secret)
    return written if isinstance(written, Choice) or not secret else replace(written, sensitive=True)


def _list(
    node: text.Sequence,
    unknown: Node | None,
    sensitive: Node | None,
    written: Setting | None,
    expression: Node | None,
    references: References,
    here: Span,
) -> Setting:
    pairs = _matched(node, unknown, written)
    singly = isinstance(expression, text.Sequence) and len(expression.items) == len(node.items)
    made = []
    for at, item in enumerate(node.items):
        said = inner(expression, at) if singly else expression
        made.append(
            planned(
                item,
                inner(unknown, at),
                masked(sensitive, at),
                written=pairs[at],
                expression=said,
                references=references,
                place=here,
            )
        )
    return _collected(tuple(made), written, here, expression, references)


def _map(
    node: text.Mapping,
    unknown: Node | None,
    sensitive: Node | None,
    written: Setting | None,
    expression: Node | None,
    references: References,
    here: Span,
) -> Setting:
    if isinstance(written, Known) and isinstance(written.it, tuple) and len(written.it) == 1:
        one = _map(node, unknown, sensitive, written.it[0], expression, references, here)
        return replace(written, it=(one,))
    said = written.it if isinstance(written, Known) and isinstance(written.it, Mapping) else None
    open_ = unknown.entries if isinstance(unknown, text.Mapping) else {}
    made: dict[str, Setting] = {}
    for key in dict.fromkeys((*node.entries, *open_)):
        value, mask, given = node.get(key), inner(unknown, key), inner(expression, key)
        if said is not None and key not in said and (isinstance(said, Created) or _is_computed(value, mask)):
            continue
        if said is None and isinstance(expression, text.Mapping) and given is None and _is_computed(value, mask):
            continue
        made[key] = planned(
            value,
            mask,
            masked(sensitive, key),
            written=said.get(key) if said is not None else None,
            expression=given if given is not None or isinstance(expression, text.Mapping) else expression,
            references=references,
            place=here,
        )
    return _collected(made, written, here, expression, references)


def _collected(
    it: object, written: Setting | None, here: Span, expression: Node | None, references: References
) -> Setting:
    if written is None:
        return Known(it, here, references(expression))
    return Known(it, here, written.references, written.origin)


def _is_computed(value: Node | None, mask: Node | None) -> bool:
    """Whether nothing is planned for an argument that nobody wrote: the provider will fill it in."""
    return is_true(mask) or value is None or (isinstance(value, Scalar) and value.value is None)


def _matched(node: text.Sequence, unknown: Node | None, written: Setting | None) -> Sequence[Setting | None]:
    """For each planned element the written one it comes from: sets stand in the provider's order."""
    if not isinstance(written, Known) or not isinstance(written.it, tuple):
        return [written if isinstance(written, Unknown) else None] * len(node.items)
    left: dict[int, Setting] = dict(enumerate(written.it))
    found: list[Setting | None] = []
    for at, item in enumerate(node.items):
        order: Iterable[int] = (at, *left) if len(node.items) <= MAX_MATCHED else (at,)
        fitting = (one for one in order if one in left and agrees(item, inner(unknown, at), left[one]))
        best = next(fitting, None)
        found.append(None if best is None else left.pop(best))
    return found


def agrees(node: Node | None, unknown: Node | None, written: Setting) -> bool:
    """Whether a planned value may come from a written one: nothing known in both differs."""
    if is_true(unknown) or not isinstance(written, Known):
        return True
    it: object = written.it
    if it is None:
        return True
    if isinstance(it, JsonText | JsonObject | JsonArray):
        return _same_json(node, written)
    if isinstance(it, Mapping):
        if isinstance(node, text.Sequence) and len(node.items) == 1:
            node, unknown = node.items[0], inner(unknown, 0)
        return isinstance(node, text.Mapping) and all(
            agrees(node.get(str(key)), inner(unknown, str(key)), value) for key, value in it.items()
        )
    if isinstance(it, tuple):
        if isinstance(node, text.Mapping):
            return len(it) == 1 and agrees(node, unknown, it[0])
        return isinstance(node, text.Sequence) and len(node.items) == len(it)
    if not isinstance(node, Scalar) or node.value is None:
        return False
    try:
        return text_of(node.value) == text_of(it)
    except ConversionError:
        return False


def _same_json(node: Node | None, written: Known[object]) -> bool:
    """Whether planned text spells the very structure that the configuration makes, as far as that is known."""
    value: Setting = written.it.structure if isinstance(written.it, JsonText) else written
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return False
    if node.value == written.it:
        return True
    if any(not isinstance(part, Known) for part in parts(value)):
        return False
    try:
        return bool(json.loads(node.value) == plain(value))
    except (ValueError, RecursionError):
        return False


def setting_of(node: Node, *, sensitive: bool = False) -> Setting:
    """A node as a value, at its own place."""
    if isinstance(node, Scalar):
        return Known(node.value, node.span, sensitive=sensitive)
    if isinstance(node, text.Sequence):
        return Known(tuple(setting_of(item, sensitive=sensitive) for item in node.items), node.span)
    return Known({key: setting_of(entry.value, sensitive=sensitive) for key, entry in node.entries.items()}, node.span)


def given(node: Node, *, sensitive: bool) -> Setting:
    """The value of a variable: it was given from outside, so it has no place of its own."""
    if isinstance(node, Scalar):
        return Known(node.value, NOWHERE, sensitive=sensitive)
    if isinstance(node, text.Sequence):
        return Known(tuple(given(item, sensitive=sensitive) for item in node.items), sensitive=sensitive)
    return Known(
        {key: given(entry.value, sensitive=sensitive) for key, entry in node.entries.items()}, sensitive=sensitive
    )
