"""The body of an API: its routes, and who may call them."""

from __future__ import annotations

from functools import partial

from partywall.cloudformation.sam import authorization
from partywall.cloudformation.sam.route import ANY, Route
from partywall.cloudformation.sam.serverless import Serverless
from partywall.cloudformation.sam.tree import (
    ABSENT,
    Plain,
    changed,
    child,
    each,
    either,
    entries,
    grow,
    is_function,
    leaves,
)
from partywall.text.node import Entry, Mapping, Node

_SECURED = ("get", "put", "post", "delete", "patch", "head", "options", ANY)


class Body:
    """What an API answers: the author's own definition with authorization added, the routes of events, or both."""

    def __init__(self, it: Serverless, *, added: bool) -> None:
        self.it = it
        self.given = it.get("DefinitionBody")
        self.routes: list[Route] = it.template.routes.get(it.name, []) if self.given is None or added else []
        self.is_opaque = self.given is not None and not entries(self.given)

    @property
    def methods(self) -> dict[str, list[str]]:
        """The methods by path."""
        found: dict[str, list[str]] = {}
        for path, entry in entries(child(self.given, "paths")).items():
            names = [name for leaf in leaves(entry.value) for name in entries(leaf)]
            found[path] = [name for name in dict.fromkeys(names) if name.lower() in _SECURED]
        for route in self.routes:
            found.setdefault(route.path, []).append(route.method)
        return found

    def node(self, version: dict[str, Plain]) -> Plain:
        """The definition; one that a function computes is left as it is."""
        if self.given is not None and self.is_opaque:
            return self.given
        written = entries(child(self.given, "paths"))
        paths: dict[str, Node] = {path: changed(entry.value, self._path) for path, entry in written.items()}
        for route in self.routes:
            before = paths.get(route.path, Mapping(route.span))
            paths[route.path] = changed(before, partial(self._with_route, route))
        others = {key: entry.value for key, entry in entries(self.given).items() if key != "paths"}
        place = self.given.span if self.given is not None else self.it.place
        return grow({**version, **self._definitions(others), "paths": paths}, place)

    def _definitions(self, others: dict[str, Node]) -> dict[str, Plain]:
        made = authorization.definitions(self.it)
        if not made:
            return dict(others)
        before = {name: entry.value for name, entry in entries(others.get("securityDefinitions")).items()}
        return {**others, "securityDefinitions": {**before, **made}}

    def _with_route(self, route: Route, path: Node) -> Plain:
        operation: dict[str, Plain] = {
            "x-amazon-apigateway-integration": route.integration,
            "security": authorization.requirement(self.it, route.auth, route.method),
        }
        node = grow(operation, route.span)
        method = node if route.condition is None else either(route.condition, node, ABSENT)
        return {**{name: entry.value for name, entry in entries(path).items()}, route.method: method}

    def _path(self, node: Node) -> Plain:
        """A path of the author's."""
        if not entries(node):
            return node
        return grow({name: self._written(name, one) for name, one in entries(node).items()}, node.span)

    def _written(self, method: str, entry: Entry) -> Plain:
        """A method of the author's, with the API's authorizer where it names none."""
        node = entry.value
        if method.lower() not in _SECURED or not isinstance(node, Mapping) or is_function(node):
            return node
        listed = list(each(child(node, "security")))
        if any(not authorization.is_kept(self.it, one) for one in listed):
            return node
        asked = authorization.requirement(self.it, None, method)
        if asked is None:
            return node
        security = grow([*listed, *asked] if isinstance(asked, list) else asked, node.span)
        return Mapping(node.span, {**node.entries, "security": Entry.at(security.span, security)})
