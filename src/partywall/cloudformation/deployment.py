"""A file → the deployment it describes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from partywall import collector, source
from partywall.cloudformation import detect
from partywall.cloudformation.surroundings import Surroundings
from partywall.cloudformation.template import Family, Template
from partywall.declared import Deployment
from partywall.problem import Problem
from partywall.source import NoFileError, Span, UnreadableError
from partywall.text.node import TextError
from partywall.value import Known, Setting


def is_template(path: str) -> bool:
    """Whether a file is a template, or would be if it could be parsed."""
    try:
        text = source.read(path, limit=detect.MAX_BYTES)
    except UnreadableError:
        return detect.sniff_unreadable(path)
    if not detect.sniff(text):
        return False
    try:
        return detect.is_root(detect.parse(text).root)
    except TextError as error:
        return not detect.is_templated(text, error.line)


@collector.paused()
def load(
    path: str,
    *,
    parameters: Mapping[str, str] | Mapping[str, Setting],
    project: str = ".",
    surroundings: Surroundings | None = None,
) -> Deployment | None:
    """Read and evaluate a template, with the nested stacks whose templates lie in the project.

    Without `surroundings` it stands alone in its project.
    None where the file is no template. A text that cannot be parsed gives a deployment without resources and a problem.
    """
    try:
        text = source.read(path, limit=detect.MAX_BYTES)
    except UnreadableError as error:
        if not detect.sniff_unreadable(path):
            return None
        shown = source.display(path)
        kind: Literal["error", "note"] = "note" if isinstance(error, NoFileError) else "error"
        return Deployment(shown, "cloudformation", (), (), (Problem(Span(shown, 1, 1, 1, 1), kind, str(error)),))
    try:
        document = detect.parse(text)
    except TextError as error:
        place = Span(text.path, error.line, error.column, error.line, error.column)
        if not detect.sniff(text):
            return None
        if detect.is_templated(text, error.line):
            message = "this is a template of a template; what it makes can be linted, not the file itself"
            return _broken(text.path, place, message, "note")
        return _broken(text.path, place, error.message)
    if not detect.is_root(document.root):
        return None
    given = {name: value if not isinstance(value, str) else Known(value) for name, value in parameters.items()}
    family = Family(surroundings or Surroundings(project))
    template = Template(text, document, given, family, (path,))
    resources = tuple(template.declarations())
    possible = template.possible
    made = Deployment(
        name=text.path,
        dialect="cloudformation",
        resources=resources,
        files=tuple(family.files),
        problems=tuple(dict.fromkeys(family.problems)),
        described=template.described,
        possible=possible,
        unseen=tuple(family.unseen),
        account=None if surroundings is None else surroundings.pseudo.get("AWS::AccountId"),
    )
    template.close()
    return made


def _broken(name: str, span: Span, message: str, kind: Literal["error", "note"] = "error") -> Deployment:
    return Deployment(name, "cloudformation", (), (name,), (Problem(span, kind, message),))
