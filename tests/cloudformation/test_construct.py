"""Where in an author's own code a resource of a cloud assembly is made."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from partywall import catalog
from partywall.check import Report, check
from partywall.configuration import Settings
from partywall.engine import Finding

VOLUME = {"Type": "AWS::EC2::Volume", "Properties": {"Size": 1, "AvailabilityZone": "a"}}
PATH = "App/Data/Resource"


def checked(directory: Path) -> Report:
    day = datetime.date(2026, 1, 1)
    return check((str(directory),), Settings(select=("ENC101",)), catalog.rules(), day)


def assembly(
    directory: Path, metadata: dict[str, Any], *, beside: bool = False, label: str = PATH, project: bool = True
) -> Finding:
    """The finding about the only volume of an assembly with some metadata, in the manifest or beside it."""
    (directory / "lib").mkdir()
    (directory / "lib" / "stack.ts").write_text("// code\n" * 20, encoding="utf-8")
    if project:
        (directory / "partywall.toml").write_text("", encoding="utf-8")
    stack: dict[str, Any] = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "App.template.json"}}
    stack |= {"additionalMetadataFile": "App.metadata.json"} if beside else {"metadata": metadata}
    volume = VOLUME | ({"Metadata": {"aws:cdk:path": label}} if label else {})
    out = directory / "cdk.out"
    out.mkdir()
    for name, content in {
        "manifest.json": {"version": "55.0.0", "artifacts": {"App": stack}},
        "App.metadata.json": metadata,
        "App.template.json": {"Resources": {"Data1": volume}},
    }.items():
        (out / name).write_text(json.dumps(content), encoding="utf-8")
    (found,) = checked(directory).findings
    return found


def made(finding: Finding) -> list[tuple[str, str, int]]:
    steps = [step for reason in finding.because for step in reason.trail if "construct" in step.text]
    return [(it.text, Path(it.span.path).name, it.span.line) for it in steps]


def calls(directory: Path) -> list[str]:
    return [
        "...new Volume2 in aws-cdk-lib...",
        f"new Volume ({directory}/node_modules/aws-cdk-lib/aws-ec2/lib/volume.js:1:658)",
        "new Elsewhere (/nowhere/at/all.ts:3:4)",
        f"new MyStack ({directory}/lib/stack.ts:7:17)",
        f"<anonymous> ({directory}/lib/stack.ts:2:46)",
    ]


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("older", [False, True])
def test_a_finding_leads_to_the_call_that_made_the_construct(tmp_path: Path, beside: bool, older: bool) -> None:
    logical: dict[str, Any] = {"type": "aws:cdk:logicalId", "data": "Data1"}
    entries = (
        [logical | {"trace": calls(tmp_path)}]
        if older
        else [logical, {"type": "aws:cdk:creationStack", "data": calls(tmp_path)}]
    )
    found = assembly(tmp_path, {f"/{PATH}": entries}, beside=beside)
    assert made(found) == [("the construct App/Data", "stack.ts", 7)]
    assert found.message == "`Encrypted` is false by default"
    assert found.label == PATH


def test_a_resource_without_a_path_is_found_by_its_logical_id(tmp_path: Path) -> None:
    call = f"at new MyStack ({tmp_path}/lib/stack.ts:7:17)"
    metadata = {
        "/App/Data/Resource": [
            {"type": "aws:cdk:logicalId", "data": "Data1"},
            {"type": "aws:cdk:creationStack", "data": [call]},
        ]
    }
    found = assembly(tmp_path, metadata, label="")
    assert found.label == PATH
    assert made(found) == [("the construct App/Data", "stack.ts", 7)]


def test_a_construct_deep_in_a_library_is_made_with_the_one_around_it(tmp_path: Path) -> None:
    metadata = {
        "/App/Data/Resource": [{"type": "aws:cdk:creationStack", "data": [f"{tmp_path}/lib/stack.ts:7"]}],
        "/App/Data/Copy/Volume": [{"type": "aws:cdk:creationStack", "data": ["(no user code in 10 frames)"]}],
    }
    assert made(assembly(tmp_path, metadata, label="App/Data/Copy/Volume")) == [
        ("the construct App/Data", "stack.ts", 7)
    ]


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"/App/Data/Resource": "text"},
        {"/App/Data/Resource": [{"type": "aws:cdk:creationStack", "data": ["lib/stack.ts:7:17"]}]},
        {"/App/Data/Resource": [{"type": "aws:cdk:creationStack", "data": ["new X (/etc/hosts:1:1)"]}]},
        {"/App/Data/Resource": [{"type": "aws:cdk:creationStack", "data": ["(" * 100_000 + ":1" * 100_000]}]},
        {"/App/Data/Resource": [{"type": "aws:cdk:creationStack", "data": {"a": 1}}, 7]},
        {"/App/Other": [{"type": "aws:cdk:logicalId", "data": "Data1"}] * 2},
    ],
)
def test_what_leads_nowhere_in_the_project_is_left_out(tmp_path: Path, metadata: dict[str, Any]) -> None:
    found = assembly(tmp_path, metadata)
    assert found.verdict == "gap"
    assert made(found) == []
