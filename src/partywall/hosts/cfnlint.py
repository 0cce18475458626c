"""The cfn-lint plugin: `cfn-lint -a partywall.hosts.cfnlint -- template.yaml`, or `append_rules` in `.cfnlintrc`.

Each rule is two of cfn-lint's: W and its id for gaps (`WENC101`), I and its id for what only a deployment settles
(off by default there, as informational rules are). cfn-lint takes the first letter for the severity and registers every
rule class it finds in this module, so there are no others in it than those made below. A template is analysed once,
with our own reader, whatever number of rules asks; what cfn-lint read serves only where there is no file.
"""

from __future__ import annotations

import datetime
import json
import os
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cfnlint import rules as _host

from partywall import catalog, configuration, discover, source
from partywall.configuration import ConfigurationError, Inputs, Settings, chosen
from partywall.engine import Finding, Verdict
from partywall.lint import given_for, lint
from partywall.report.wording import sentence
from partywall.rule import Rule

if TYPE_CHECKING:
    from cfnlint.template import Template

_PREFIXES: Mapping[Verdict, str] = {"gap": "W", "unknown": "I"}
_FAILED = "WPARTYWALL"


class _FailedError(Exception):
    """Why nothing can be said about a template, in one sentence."""


_analysed: weakref.WeakKeyDictionary[Template, dict[tuple[str, str], list[Finding]] | _FailedError] = (
    weakref.WeakKeyDictionary()
)


def _findings(template: Template) -> dict[tuple[str, str], list[Finding]] | _FailedError:
    """The findings about a template by rule and verdict; a failure of ours is a value, never cfn-lint's."""
    made = _analysed.get(template)
    if made is None:
        try:
            made = _analyse(template)
        except ConfigurationError as error:
            made = _FailedError(str(error))
        except Exception as error:  # noqa: BLE001 - in another's house a fault of ours must not end the run
            made = _FailedError(f"{type(error).__name__}: {error}; this is a fault of partywall, please report it")
        _analysed[template] = made
    return made


def _analyse(template: Template) -> dict[tuple[str, str], list[Finding]]:
    path = template.filename
    if path and source.is_file(path):
        return _sorted(_linted(path, given) for given in _parameters(template))
    # Standard input or the API: positions are lost, the content is there.
    path = os.path.join(os.getcwd(), "template.json")
    with source.unsaved(path, json.dumps(template.template, default=str).encode()):
        return _sorted(_linted(path, given) for given in _parameters(template))


def _linted(path: str, given: Mapping[str, str]) -> tuple[Finding, ...]:
    found = configuration.find(path)
    settings = configuration.read(found) if found else Settings()
    settings = replace(settings, inputs=Inputs(parameters=given).over(settings.inputs))
    target = discover.Target("cloudformation", path, discover.project_of(path))
    rules = catalog.rules()
    today = datetime.datetime.now(datetime.UTC).date()
    made = lint(target, given_for(settings), settings, chosen(settings, rules), rules, today)
    return made.findings if made is not None else ()


def _parameters(template: Template) -> Iterator[Mapping[str, str]]:
    """The values of each set of parameters that cfn-lint was given, or no values."""
    sets = template.context.parameter_sets or ()
    for one in sets:
        yield {name: _text(value) for name, value in one.parameters.items()}
    if not sets:
        yield {}


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _sorted(runs: Iterator[tuple[Finding, ...]]) -> dict[tuple[str, str], list[Finding]]:
    out: dict[tuple[str, str], list[Finding]] = {}
    for findings in runs:
        for it in findings:
            if it.suppressed is None and it.covered_by is None:
                out.setdefault((it.rule.id, it.verdict), []).append(it)
    return out


def _match(it: Finding, template: Template) -> Any:
    """A match at the exact place; the path serves the ignores in a resource's Metadata."""
    at = (it.span.line - 1, it.span.column - 1, it.span.end_line - 1, it.span.end_column - 1)
    places: dict[str, Any] = {"location": at}
    here = source.display(template.filename) if template.filename else ""
    if here and it.span.path != here:
        places["filename"] = it.span.path
    elif not here:
        places = {}
    return _host.RuleMatch(["Resources", it.resource.partition(".")[0]], f"{sentence(it)}. {it.rule.title}.", **places)


def _class(rule: Rule, verdict: Verdict) -> type:
    def match(_: Any, cfn: Template) -> list[Any]:
        found = _findings(cfn)
        return [] if isinstance(found, _FailedError) else [_match(it, cfn) for it in found.get((rule.id, verdict), ())]

    _, _, manual = rule.doc.partition("\n")
    facts = {
        "id": _PREFIXES[verdict] + rule.id,
        "shortdesc": rule.title,
        "description": " ".join(manual.strip().partition("\n\n")[0].split()),
        "tags": ["partywall", rule.duty, rule.service],
        "match": match,
        "__doc__": rule.doc,
        "__module__": __name__,
    }
    return type(f"{_PREFIXES[verdict]}{rule.id}", (_host.CloudFormationLintRule,), facts)


def _failed(_: Any, cfn: Template) -> list[Any]:
    found = _findings(cfn)
    return (
        [_host.RuleMatch([], f"partywall could not look at this template: {found}")]
        if isinstance(found, _FailedError)
        else []
    )


def _failure_class() -> type:
    facts = {
        "id": _FAILED,
        "shortdesc": "partywall could not look at a template",
        "description": "A fault of partywall, or a configuration that cannot be read; the message says which.",
        "tags": ["partywall"],
        "match": _failed,
        "__module__": __name__,
    }
    return type(_FAILED, (_host.CloudFormationLintRule,), facts)


def _classes() -> Iterator[type]:
    for rule in catalog.rules():
        if rule.resources["cloudformation"]:
            yield from (_class(rule, verdict) for verdict in _PREFIXES)
    yield _failure_class()


globals().update({made.__name__: made for made in _classes()})
