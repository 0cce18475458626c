"""A template of SAM as the plain template that its transform makes of it, places and functions left as they are."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Table

from partywall.cloudformation.evaluation import Evaluation
from partywall.cloudformation.sam import is_serverless
from partywall.cloudformation.sam.api_event import HTTP, REST
from partywall.cloudformation.sam.application import application
from partywall.cloudformation.sam.connector import connector, embedded
from partywall.cloudformation.sam.function import function
from partywall.cloudformation.sam.global_section import merged, with_globals
from partywall.cloudformation.sam.graphql_api import graphql_api
from partywall.cloudformation.sam.http_api import http_api
from partywall.cloudformation.sam.layer_version import layer_version
from partywall.cloudformation.sam.rest_api import rest_api
from partywall.cloudformation.sam.route import Route
from partywall.cloudformation.sam.serverless import Made, Serverless, Template
from partywall.cloudformation.sam.simple_table import simple_table
from partywall.cloudformation.sam.state_machine import state_machine
from partywall.cloudformation.sam.tree import Plain, child, entries, grow, literal
from partywall.text.node import Entry, Mapping, Node

_APIS: dict[str, Callable[[Serverless], None]] = {
    "AWS::Serverless::Api": rest_api,
    "AWS::Serverless::HttpApi": http_api,
}
_KINDS: dict[str, Callable[[Serverless], None]] = {
    "AWS::Serverless::Application": application,
    "AWS::Serverless::Connector": connector,
    "AWS::Serverless::Function": function,
    "AWS::Serverless::GraphQLApi": graphql_api,
    "AWS::Serverless::LayerVersion": layer_version,
    "AWS::Serverless::SimpleTable": simple_table,
    "AWS::Serverless::StateMachine": state_machine,
}
_IMPLICIT = {
    REST: ("AWS::Serverless::Api", "implicit API", "Prod"),
    HTTP: ("AWS::Serverless::HttpApi", "implicit HTTP API", "$default"),
}


def expand(resources: Table[str, Entry], section: Node | None, scope: Evaluation) -> dict[str, Made]:
    """All resources after the transform, in the order of the text, each followed by what was made for it.

    `section` is `Globals`. References such as `F.Alias` become names of `scope`; what cannot be followed, its notes.
    """
    template = Template(resources, scope)
    for name, entry in resources.items():
        if template.kind(name) in _KINDS:
            _KINDS[template.kind(name)](_serverless(name, entry, section, template))
        for inner, one in entries(child(entry.value, "Connectors")).items():
            embedded(Serverless(name, entry, None, template), inner, child(one.value, "Properties"), one.key)
    for name, entry in resources.items():
        if template.kind(name) in _APIS:
            _APIS[template.kind(name)](_serverless(name, entry, section, template))
    for name, (kind, part, stage) in _IMPLICIT.items():
        routes = template.routes.get(name)
        if routes and name not in resources:
            _APIS[kind](_implicit(name, kind, part, stage, routes, section, template))
    scope.made = template.names
    return _ordered(template)


def _serverless(name: str, entry: Entry, section: Node | None, template: Template) -> Serverless:
    properties = with_globals(
        template.kind(name), child(entry.value, "Properties"), section, child(entry.value, "IgnoreGlobals")
    )
    return Serverless(name, entry, properties, template)


def _implicit(
    name: str, kind: str, part: str, stage: str, routes: list[Route], section: Node | None, template: Template
) -> Serverless:
    """The API for events that name none; it exists when one of its functions does."""
    first = routes[0]
    conditions = [route.condition for route in routes if route.condition is not None]
    always = len(conditions) < len(routes)
    formulas: list[Plain] = [{"Condition": one} for one in {literal(one): one for one in conditions}.values()]
    there = None if always else _some(formulas)
    node = grow({"Type": kind, "Properties": {"StageName": stage}, "Condition": there}, first.span)
    properties = with_globals(kind, child(node, "Properties"), section, None)
    return Serverless(name, Entry.at(first.span, node), properties, template, first.owner, part)


def _some(formulas: list[Plain]) -> Plain:
    """The formula that holds when one of many does; a function takes at most ten."""
    while len(formulas) > 1:
        tens = [formulas[at : at + 10] for at in range(0, len(formulas), 10)]
        formulas = [ten[0] if len(ten) == 1 else {"Fn::Or": ten} for ten in tens]
    return formulas[0]


def _ordered(template: Template) -> dict[str, Made]:
    pieces: dict[str, list[str]] = {}
    for name, made in template.made.items():
        pieces.setdefault(made.author, []).append(name)
    found: dict[str, Made] = {}
    for name, entry in template.resources.items():
        own = template.made.get(name)
        if own is not None or template.kind(name) not in _KINDS:
            found[name] = own or _untouched(name, entry, template)
        found |= {piece: template.made[piece] for piece in pieces.get(name, ()) if piece != name}
    return found


def _untouched(name: str, entry: Entry, template: Template) -> Made:
    """A resource that is no matter of SAM, with what events add to it; or one that is newer than our knowledge."""
    node = entry.value
    unknown = ""
    if is_serverless(template.kind(name)):
        template.scope.note(entry.key, f"{template.kind(name)} is not expanded; what it makes is not judged")
    for addition in template.additions.get(name, ()):
        properties = child(node, "Properties") or Mapping(entry.key)
        if isinstance(node, Mapping):
            value = merged(properties, addition)
            node = Mapping(node.span, {**node.entries, "Properties": Entry.at(value.span, value)})
    return Made(Entry.at(entry.key, node), "", "", entry.key, unknown)
