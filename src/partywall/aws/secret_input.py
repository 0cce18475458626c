"""Variables and parameters through which secrets come in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.resource import ACCOUNT, Resource
from partywall.aws.secret import PLACES, default, inputs, is_harmless_name, is_hidden, is_secret_name, name_of
from partywall.graph import View
from partywall.truth import Truth, known
from partywall.value import Known


class SecretInput(Resource, service="cloudformation", model=ACCOUNT, cloudformation="parameter", terraform="variable"):
    """A variable or parameter that is a secret by its name, or becomes one by where it goes."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Those that are secrets; lists, maps and flags are none."""
        used = _used(view)
        for subject in super().subjects(view):
            kind = subject.declared.attributes.get("Type", Known("String"))
            text = isinstance(kind, Known) and kind.it in ("String", "string")
            value = default(subject.declared)
            plain = not isinstance(value, Known) or value.it is None or isinstance(value.it, str)
            name = name_of(subject.declared)
            ends_in_secret = subject.declared.address in used and not is_harmless_name(name)
            if text and plain and (is_secret_name(name) or ends_in_secret):
                yield subject

    @property
    def shown(self) -> Truth:
        """Whether people see it in consoles and plans: it is not marked as secret."""
        word = "sensitive" if self.in_terraform else "NoEcho"
        hidden = is_hidden(self.declared)
        return known(not hidden, f"it is{'' if hidden else ' not'} marked `{word}`", self.span, self.declared.address)

    @property
    def has_default(self) -> Truth:
        """Whether the secret itself stands in the template."""
        value = default(self.declared)
        given = isinstance(value, Known) and value.it not in (None, "")
        return known(given, "it has a default" if given else "it has no default", value.span, self.declared.address)


def _used(view: View) -> frozenset[str]:
    """The addresses of all inputs that end in an attribute that means a secret."""
    found: set[str] = set()
    for declared in view.of(tuple(PLACES)):
        for place in PLACES[declared.type]:
            value = view.look(Known(declared.attributes), place.split("."))
            found.update(one.address for one in inputs(view, value))
    return frozenset(found)
