"""Which provider configuration a resource uses, and the tags it adds to every resource.

Source: Terraform's documentation of provider configuration: a resource uses the configuration it names, else the one
without alias for the part of its type before the first underscore; a called module inherits those without alias and
gets others through `providers`.
"""

from __future__ import annotations

from collections.abc import Mapping

from partywall.choice import lifted
from partywall.terraform import syntax
from partywall.terraform.syntax import Block
from partywall.value import Known, Setting

Providers = Mapping[str, Setting]
"""Configurations by their name in a module: `aws`, `aws.east`."""


def provider_name(block: Block, kind: str) -> str:
    """The name of the configuration that a resource uses: `aws` or `aws.east`."""
    argument = block.body.argument("provider")
    named = _named(argument.expression) if argument is not None else ""
    return named or kind.partition("_")[0]


def handed_down(block: Block, providers: Providers) -> Providers:
    """The configurations that a module call hands down."""
    out = {name: one for name, one in providers.items() if "." not in name}
    argument = block.body.argument("providers")
    if argument is not None and isinstance(argument.expression, syntax.ObjectOf):
        for key, value in argument.expression.items:
            found = providers.get(_named(value))
            if found is not None:
                out[_named(key)] = found
    return out


def _named(node: object) -> str:
    """`aws.east` from a reference, or from text as JSON writes it."""
    if isinstance(node, syntax.Literal) and isinstance(node.value, str):
        return node.value
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Index):
        return _named(node.target)
    if isinstance(node, syntax.Get):
        return f"{_named(node.target)}.{node.name}"
    return ""


def all_tags(provider: Setting | None, tags: Setting | None) -> Setting | None:
    """The tags a resource ends up with, if its type has tags; None where its provider adds none."""
    blocks = member(provider, "default_tags")
    first = blocks.it[0] if isinstance(blocks, Known) and isinstance(blocks.it, tuple) and blocks.it else None
    default = member(first, "tags")
    if default is None:
        return None
    own: Setting = Known({}, default.span) if tags is None else tags
    span = own.span if own.span.line else default.span
    return lifted((default, own), lambda values: _merged(values[0], values[1]), span)


def member(value: Setting | None, name: str) -> Setting | None:
    """An argument of a known configuration or block."""
    if isinstance(value, Known) and isinstance(value.it, Mapping):
        found: Setting | None = value.it.get(name)
        return found
    return None


def _merged(default: Setting, own: Setting) -> Setting:
    for value in (default, own):
        if not isinstance(value, Known):
            return value
    assert isinstance(default, Known)
    assert isinstance(own, Known)
    if own.it is None:
        return default
    if not isinstance(default.it, Mapping) or not isinstance(own.it, Mapping):
        return own
    return Known({**default.it, **own.it}, own.span, own.references, own.origin, own.sensitive or default.sensitive)
