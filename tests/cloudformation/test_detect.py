"""Which files are templates."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall.check import check
from partywall.cloudformation import is_template, load
from partywall.configuration import Settings

TEMPLATES = {
    "plain.yaml": "Resources:\n  A:\n    Type: AWS::S3::Bucket\n",
    "indented.yaml": "    Resources:\n      A:\n        Type: 'AWS::S3::Bucket'\n",
    "quoted.yaml": '"Resources":\n  A:\n    "Type": "AWS::S3::Bucket"\n',
    "flow.yaml": "Resources: {A: {Type: AWS::S3::Bucket}}\n",
    "start.yml": "---\n# a comment\nAWSTemplateFormatVersion: 2010-09-09\nResources: {A: {Type: AWS::S3::Bucket}}\n",
    "custom.yaml": "Resources:\n  A:\n    Type: Custom::Thing\n",
    "vendor.yaml": "Resources:\n  A:\n    Type: Datadog::Monitors::Monitor\n",
    "module.yaml": "Resources:\n  A:\n    Type: My::Net::Vpc::MODULE\n",
    "loop.yaml": "Resources:\n  Fn::ForEach::A:\n    - N\n    - [a]\n    - B${N}: {Type: AWS::S3::Bucket}\n",
    "plain.json": '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}',
    "tabs.template": '{\n\t"Resources" :\t{ "A": {\t"Type" : "AWS::S3::Bucket"} } }',
    "bom.yaml": "\ufeffResources:\n  A:\n    Type: AWS::S3::Bucket\n",
    "windows.yaml": "Resources:\r\n  A:\r\n    Type: AWS::S3::Bucket\r\n",
    "old_mac.yaml": "Resources:\r  A:\r    Type: AWS::S3::Bucket\r",
    "json.cfn": '\n  {"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}',
    "partly.yaml": "Resources:\n  Broken: 5\n  A:\n    Type: AWS::S3::Bucket\n",
}
OTHERS = {
    "kubernetes.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {Resources: {limits: 'a::b'}}\n",
    "openapi.yaml": "openapi: 3.0.0\npaths: {}\nx-note: 'Type: AWS::S3::Bucket'\n",
    "workflow.yaml": "on: push\njobs: {a: {steps: [{run: 'echo AWS::S3::Bucket'}]}}\n",
    "compose.yaml": "services: {web: {image: nginx}}\n",
    "package.json": '{"name": "a", "dependencies": {}}',
    "arm.json": '{"resources": [{"type": "Microsoft::Web::Sites"}]}',
    "tests.yaml": "- name: a\n  input:\n    Resources:\n      A:\n        Type: AWS::S3::Bucket\n",
    "event.json": '{"fragment": {"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}}',
    "serverless.yml": "service: a\nresources:\n  Resources:\n    A:\n      Type: AWS::S3::Bucket\n",
    "tree.json": '{"version": "tree-0.1", "tree": {"attributes": {"Resources": {"Type": "AWS::CDK::Tree"}}}}',
    "none.yaml": "Resources:\n  A:\n    Type: Bucket\n",
    "list.yaml": "Resources:\n  - Type: AWS::S3::Bucket\n",
    "fargate.yaml": "Resources: {}\nNote: AWS::S3::Bucket\n",
    "text.yaml": "hello: world\n",
    "empty.yaml": "",
}


def _write(directory: Path, name: str, text: str | bytes) -> str:
    path = directory / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template(name: str, tmp_path: Path) -> None:
    path = _write(tmp_path, name, TEMPLATES[name])
    assert is_template(path)
    made = load(path, parameters={}, project=str(tmp_path))
    assert made is not None
    assert [it.kind for it in made.problems] in ([], ["note"])
    assert any(it.is_resource for it in made.resources)


@pytest.mark.parametrize("name", OTHERS)
def test_no_template(name: str, tmp_path: Path) -> None:
    path = _write(tmp_path, name, OTHERS[name])
    assert not is_template(path)
    assert load(path, parameters={}, project=str(tmp_path)) is None


BROKEN: dict[str, tuple[str | bytes, str, int]] = {
    "open.yaml": ("Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: {a: [\n", "error", 5),
    "tab.yaml": ("Resources:\n  A:\n    Type: AWS::S3::Bucket\n\t  Properties: x\n", "error", 4),
    "comment.json": ('{"Resources": {"A": {"Type": "AWS::S3::Bucket"}} // no\n}', "error", 1),
    "comma.json": ('{"Resources": {"A": {"Type": "AWS::S3::Bucket"}},\n}', "error", 2),
    "two.yaml": ("Resources:\n  A:\n    Type: AWS::S3::Bucket\n---\na: b\n", "error", 4),
    "jinja.yaml": ("{% for a in b %}\nResources:\n  A:\n    Type: AWS::S3::Bucket\n{% endfor %}\n", "note", 1),
    "helm.yaml": ("Resources:\n  A:\n    Type: AWS::S3::Bucket\n    x: {{ .Values.a }}\n", "note", 4),
    "utf16.yaml": ("Resources:\n  A:\n    Type: AWS::S3::Bucket\n".encode("utf-16"), "error", 1),
    "latin.yaml": ("Resources:\n  A:\n    Type: AWS::S3::Bucket # ü\n".encode("latin-1"), "error", 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_looks_like_a_template_and_cannot_be_read_is_a_problem(name: str, tmp_path: Path) -> None:
    text, kind, line = BROKEN[name]
    made = load(_write(tmp_path, name, text), parameters={}, project=str(tmp_path))
    assert made is not None
    assert [(it.kind, it.span.line) for it in made.problems] == [(kind, line)]
    assert made.resources == ()


def test_a_template_that_is_too_large_is_a_problem_and_another_file_is_not(tmp_path: Path) -> None:
    filler = "#" * (4 * 1024 * 1024)
    made = load(_write(tmp_path, "a.yaml", TEMPLATES["plain.yaml"] + filler), parameters={}, project=str(tmp_path))
    assert made is not None
    assert "larger than 4 MiB" in made.problems[0].message
    assert load(_write(tmp_path, "b.yaml", filler), parameters={}, project=str(tmp_path)) is None


@pytest.mark.parametrize("name", [*OTHERS, *BROKEN])
def test_the_command_reports_what_is_broken_and_passes_over_what_is_no_template(name: str, tmp_path: Path) -> None:
    _write(tmp_path, "plain.yaml", TEMPLATES["plain.yaml"])
    text = OTHERS.get(name) or (BROKEN[name][0] if name in BROKEN else "")
    _write(tmp_path, name, text)
    report = check((str(tmp_path),), Settings(), (), datetime.date(2026, 1, 1))
    assert [it.kind for it in report.problems] == ([BROKEN[name][1]] if name in BROKEN else [])


def test_repeated_keys_count_last_and_are_noted_first(tmp_path: Path) -> None:
    text = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: {Name: a}\n    Properties: {Name: b}\n"
    made = load(_write(tmp_path, "a.yaml", text), parameters={}, project=str(tmp_path))
    assert made is not None
    assert [(it.span.line, it.message) for it in made.problems] == [
        (4, "the key Properties is repeated; the last one counts")
    ]
    assert getattr(made.resources[0].attributes["Name"], "it", None) == "b"
