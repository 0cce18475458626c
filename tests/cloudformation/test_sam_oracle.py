"""Our expansion of SAM against the translator that AWS runs: the same resources, and roles that say the same."""

from __future__ import annotations

import copy
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from partywall import source
from partywall.cloudformation import detect, load
from partywall.cloudformation.evaluation import operation
from partywall.cloudformation.surroundings import Surroundings
from partywall.declared import Declared, Deployment
from partywall.text import node as text
from partywall.text.node import Node, Scalar
from partywall.value import Choice, Known, Setting

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "sam").glob("*.yaml"))
REGION = "us-east-1"

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("samtranslator") is None, reason="aws-sam-translator is not installed"),
    pytest.mark.filterwarnings("ignore"),
]


def plain(node: Node) -> Any:
    """A template as the translator takes it: functions in their long form."""
    name, argument = operation(node)
    if name and node.tag:
        inner = plain(argument)
        return {name: inner.split(".", 1) if name == "Fn::GetAtt" and isinstance(inner, str) else inner}
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, text.Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(entry.value) for key, entry in node.entries.items()}


def packaged(template: dict[str, Any]) -> dict[str, Any]:
    """The template as `aws cloudformation package` leaves it: local paths have become objects of S3."""
    template = copy.deepcopy(template)
    shared = list(template.get("Globals", {}).values())
    for entry in (*shared, *(resource.get("Properties") or {} for resource in template["Resources"].values())):
        for key in ("CodeUri", "ContentUri"):
            if isinstance(entry.get(key), str) and not entry[key].startswith("s3://"):
                entry[key] = "s3://bucket/key"
        if "Location" in entry:
            entry["Location"] = "https://s3.amazonaws.com/bucket/key"
    return template


def translated(path: Path) -> dict[str, Any]:
    """What AWS's own translator makes of a template; nothing is asked of the network."""
    import boto3  # type: ignore[import-untyped]
    from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
    from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]

    root = detect.parse(source.read(str(path))).root
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    made: dict[str, Any] = translator.translate(packaged(plain(root)), {})
    mended: dict[str, Any] = _mended(made)
    return mended


def _mended(made: Any) -> Any:
    """The translator (1.115) writes the conditions of destinations it makes one level too deep for CloudFormation."""
    if isinstance(made, dict):
        inner = made.get("Condition")
        if len(made) == 1 and isinstance(inner, dict):
            return inner
        return {key: _mended(one) for key, one in made.items()}
    return [_mended(one) for one in made] if isinstance(made, list) else made


def loaded(path: Path) -> Deployment:
    deployment = load(str(path), parameters={}, surroundings=Surroundings(str(path.parent), {"AWS::Region": REGION}))
    assert deployment is not None
    return deployment


def resources(deployment: Deployment) -> dict[str, Declared]:
    return {it.address: it for it in deployment.resources if "::" in it.type}


def paired(ours: dict[str, Declared], theirs: dict[str, Declared]) -> dict[str, str]:
    """For each resource of the translator's the id of ours; its ids may end with a hash that ours have not."""
    found = {}
    for name, it in theirs.items():
        known = (one for one, other in ours.items() if other.type == it.type and name.startswith(one))
        found[name] = max(known, key=len, default="")
    return found


def both(path: Path, tmp_path: Path) -> tuple[dict[str, Declared], dict[str, Declared]]:
    """Our resources, and the translator's as we read them."""
    written = tmp_path / "translated.json"
    written.write_text(json.dumps(translated(path)), encoding="utf-8")
    return resources(loaded(path)), resources(loaded(written))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_the_same_resources_at_the_same_conditions(path: Path, tmp_path: Path) -> None:
    ours, theirs = both(path, tmp_path)
    pairs = paired(ours, theirs)
    assert sorted(pairs.values()) == sorted(ours)
    for name, it in theirs.items():
        assert shape(ours[pairs[name]].exists) == shape(it.exists), name


def shape(value: Setting) -> Any:
    """A value without its places, so that two can be compared; a list of one is its element."""
    if isinstance(value, Choice):
        return (value.variable, tuple((option, shape(arm)) for option, arm in value.arms))
    if not isinstance(value, Known):
        return ("unknown", value.parts, tuple(sorted((it.address, it.attribute) for it in value.references)))
    if isinstance(value.it, tuple):
        items = tuple(shape(item) for item in value.it)
        return items[0] if len(items) == 1 else items
    if isinstance(value.it, dict):
        return tuple(sorted((key, shape(inner)) for key, inner in value.it.items() if key != "Version"))
    return value.it


def elements(value: Setting | None) -> tuple[Setting, ...]:
    if value is None:
        return ()
    return value.it if isinstance(value, Known) and isinstance(value.it, tuple) else (value,)


def statements(policies: Setting | None) -> set[str]:
    """The statements of inline policies, however they are spread over documents."""
    found = set()
    for policy in elements(policies):
        if not isinstance(policy, Known) or not isinstance(policy.it, dict):
            found.add(repr(_without_names(shape(policy))))
            continue
        document = policy.it["PolicyDocument"]
        assert isinstance(document, Known)
        assert isinstance(document.it, dict)
        found |= {repr(shape(one)) for one in elements(document.it["Statement"])}
    return found


def _without_names(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(
            _without_names(one) for one in value if not (isinstance(one, tuple) and one[:1] == ("PolicyName",))
        )
    return value


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_the_same_roles(path: Path, tmp_path: Path) -> None:
    ours, theirs = (
        {name: it for name, it in side.items() if it.type == "AWS::IAM::Role"} for side in both(path, tmp_path)
    )
    assert ours.keys() == theirs.keys()
    for name, role in theirs.items():
        one, other = ours[name].attributes, role.attributes
        assert shape(one["AssumeRolePolicyDocument"]) == shape(other["AssumeRolePolicyDocument"]), name
        managed = [sorted({repr(shape(arn)) for arn in elements(it.get("ManagedPolicyArns"))}) for it in (one, other)]
        assert managed[0] == managed[1], name
        assert statements(one.get("Policies")) == statements(other.get("Policies")), name
        assert shape(one.get("PermissionsBoundary", Known(None))) == shape(
            other.get("PermissionsBoundary", Known(None))
        )
