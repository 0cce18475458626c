"""What a template is deployed in: the project, the stack's region and account, and the templates beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field

from partywall import source
from partywall.cloudformation.construct import Constructs
from partywall.immutable import immutable
from partywall.value import Known, Setting, Unknown

MAX_DEPTH = 8
MAX_STACKS = 500


@immutable(slots=False)
class Surroundings:
    """`project` is the directory outside of which nothing is read.

    `pseudo` holds the pseudo parameters that are given, `templates` the paths of all templates of the project, by which
    a URL is recognised, `exports` finds the value that exactly one of them exports under a name, `constructs` are those
    of CDK that the stack was made of, and `circular` names, for those that deploy each other in a circle, their circle.
    """

    project: str
    pseudo: Mapping[str, str] = field(default_factory=dict)
    templates: tuple[str, ...] = ()
    exports: Callable[[str], Setting | None] = lambda _name: None
    constructs: Constructs = field(default_factory=Constructs)
    circular: Mapping[str, str] = field(default_factory=dict)

    def circles(self, outer: str, inner: str) -> bool:
        """Whether a template that another deploys deploys that one in turn, whatever lies between them."""
        circle = self.circular.get(os.path.abspath(outer))
        return circle is not None and circle == self.circular.get(os.path.abspath(inner))

    def file(self, location: str, template: str) -> str | None:
        """The path of a file of the project that is named relative to a template."""
        found = os.path.normpath(os.path.join(os.path.dirname(template), location))
        return found if source.is_file(found) and source.inside(found, self.project) else None

    def template(self, location: Setting, parent: str) -> tuple[str, bool] | None:
        """The path of a nested stack's template, and whether its URL was only recognised by how it ends."""
        parts: tuple[str | None, ...] = ()
        if isinstance(location, Known) and isinstance(location.it, str):
            if "://" not in location.it:
                found = self.file(location.it, parent)
                return None if found is None else (found, False)
            parts = (location.it.partition("://")[2].partition("/")[2],)
        elif isinstance(location, Unknown):
            parts = location.parts or ()
        tail = parts[-1] if parts else None
        if not tail:
            return None
        tail = tail.partition("?")[0].lstrip("/")
        while tail:
            named = [path for path in self.templates if path != parent and _ends(path, tail)]
            if len(named) == 1:
                return named[0], True
            # All of a URL is written, but not all of it is a path of the project.
            tail = tail.partition("/")[2] if len(parts) == 1 and not named else ""
        return None


def _ends(path: str, tail: str) -> bool:
    shown = path.replace(os.sep, "/")
    return shown == tail or shown.endswith(f"/{tail}")
