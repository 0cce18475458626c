"""What CDK knew when it synthesised: the manifest beside its templates."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import field

from partywall import source
from partywall.cloudformation.construct import Constructs, constructs
from partywall.cloudformation.evaluation import word
from partywall.immutable import immutable
from partywall.source import UnreadableError
from partywall.text.json_scanner import read_json
from partywall.text.node import Mapping, Node, TextError
from partywall.value import Known, Setting

MANIFEST = "manifest.json"
_STACK = "aws:cloudformation:stack"
_ENVIRONMENT = re.compile(r"aws://(?P<account>[^/]+)/(?P<region>.+)\Z").match


@immutable()
class Stack:
    """A stack of a cloud assembly: its template, what it is given, and where it goes as far as that is known.

    `constructs` are those that the manifest itself tells of; `metadata` is the path of a file that may tell of more.
    """

    template: str
    parameters: dict[str, Setting] = field(default_factory=dict)
    pseudo: dict[str, str] = field(default_factory=dict)
    constructs: Constructs = field(default_factory=Constructs)
    metadata: str = ""

    def all_constructs(self) -> Constructs:
        """The constructs of the manifest, or of the file beside it to which newer releases of CDK move them."""
        if not self.metadata:
            return self.constructs
        try:
            return constructs(read_json(source.read(self.metadata)).root)
        except (UnreadableError, TextError):
            return self.constructs


def stacks(path: str) -> Iterator[Stack]:
    """The stacks that a manifest lists; none of a file that is no manifest of a cloud assembly."""
    try:
        text = source.read(path)
        root = read_json(text).root if _STACK in text.text else None
    except (UnreadableError, TextError):
        return
    artifacts = _child(root, "artifacts")
    for entry in artifacts.entries.values() if isinstance(artifacts, Mapping) else ():
        properties = _child(entry.value, "properties")
        file = word(_child(properties, "templateFile"))
        if word(_child(entry.value, "type")) != _STACK or file is None:
            continue
        given = _child(properties, "parameters")
        parameters: dict[str, Setting] = {
            name: Known(text_, one.value.span)
            for name, one in (given.entries.items() if isinstance(given, Mapping) else ())
            if (text_ := word(one.value)) is not None
        }
        beside = word(_child(entry.value, "additionalMetadataFile"))
        yield Stack(
            _beside(path, file),
            parameters,
            _pseudo(entry.value),
            constructs(_child(entry.value, "metadata")),
            _beside(path, beside) if beside else "",
        )


def _beside(path: str, name: str) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(path), name))


def _pseudo(artifact: Node) -> dict[str, str]:
    match = _ENVIRONMENT(word(_child(artifact, "environment")) or "")
    found = {"AWS::AccountId": match["account"], "AWS::Region": match["region"]} if match else {}
    return {name: value for name, value in found.items() if not value.startswith("unknown-")}


def _child(node: Node | None, name: str) -> Node | None:
    return node.get(name) if isinstance(node, Mapping) else None
