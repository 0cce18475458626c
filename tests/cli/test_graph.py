"""The resource graph: every format whole, what is unknown, what is masked, and names that want to be markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.conftest import Run

PLAIN = ("text", "json", "dot", "mermaid")


@pytest.mark.parametrize("form", PLAIN)
@pytest.mark.usefixtures("example")
def test_snapshot(form: str, run: Run, snapshot: SnapshotAssertion) -> None:
    result = run("graph", "--no-config", "-f", form)
    assert result.exit_code == 0
    assert result.stdout == snapshot


def _graph(run: Run, here: Path, text: str, name: str = "main.tf") -> dict[str, Any]:
    (here / name).write_text(text, encoding="utf-8")
    made = json.loads(run("graph", "--no-config", "-f", "json", name).stdout)
    return {it["address"]: it for it in made["resources"]} | {"edges": made["edges"]}


def test_what_is_not_known_is_null_and_listed(run: Run, here: Path) -> None:
    found = _graph(
        run,
        here,
        'variable "a" {}\nvariable "b" {\n  type = bool\n}\n'
        'resource "aws_s3_bucket" "x" {\n  bucket = "logs-${var.a}"\n  tags = { "a.b" = var.a, c = "d" }\n}\n'
        'resource "aws_instance" "x" {\n  ami = var.a\n  vpc_security_group_ids = [aws_s3_bucket.x.id, "sg-1"]\n'
        "  ebs_optimized = var.b ? true : false\n  monitoring = var.b ? null : true\n}\n",
    )
    bucket, machine = found["aws_s3_bucket.x"], found["aws_instance.x"]
    assert bucket["attributes"] == {"bucket": "logs-${…}", "tags": {"a.b": None, "c": "d"}}
    assert bucket["unknown"] == ["bucket", 'tags["a.b"]']
    assert machine["attributes"]["vpc_security_group_ids"] == [None, "sg-1"]
    assert machine["choices"]["ebs_optimized"] == {
        "variable": "var.b",
        "options": {"true": True, "false": False},
    }
    assert set(machine["unknown"]) == {"ami", "vpc_security_group_ids[0]", "ebs_optimized", "monitoring"}
    assert found["edges"] == [
        {"from": "aws_instance.x", "to": "aws_s3_bucket.x", "via": "vpc_security_group_ids[0]", "deployment": "."}
    ]


def test_secrets_are_masked(run: Run, here: Path) -> None:
    (here / "main.tf").write_text(
        'variable "p" {\n  default = "hunter-one"\n  sensitive = true\n}\n'
        'resource "aws_db_instance" "x" {\n  password = "hunter-two"\n  username = var.p\n}\n'
        'resource "aws_instance" "x" {\n  user_data = "export DB_PASSWORD=hunter-three"\n}\n'
        'resource "aws_ecs_task_definition" "x" {\n'
        "  container_definitions = jsonencode("
        '[{ environment = [{ name = "DB_PASSWORD", value = "hunter-four" }] }])\n}\n',
        encoding="utf-8",
    )
    (here / "t.yaml").write_text(
        "Resources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n"
        "        - Environment:\n            - {Name: API_TOKEN, Value: hunter-five}\n",
        encoding="utf-8",
    )
    for form in PLAIN:
        assert "hunter" not in run("graph", "--no-config", "-f", form).stdout
    assert run("graph", "--no-config", "-f", "json").stdout.count("(sensitive)") == 5


def test_names_are_no_markup(run: Run, here: Path) -> None:
    (here / "main.tf").write_text(
        'resource "aws_ebs_volume" "x" {\n'
        '  for_each = toset(["\\"]; evil [label=\\"<img src=x onerror=alert(1)>"])\n}\n',
        encoding="utf-8",
    )
    dot = run("graph", "--no-config", "-f", "dot").stdout
    assert '\\"<img' in dot
    assert '"]; evil' not in dot.replace('\\"', "")
    mermaid = run("graph", "--no-config", "-f", "mermaid").stdout
    assert "<img" not in mermaid
    assert mermaid.count('"') == 4


def test_what_cannot_be_read_is_said_and_the_rest_drawn(run: Run, here: Path) -> None:
    (here / "main.tf").write_text('resource "aws_ebs_volume" "x" {\n}\nresource "aws_ebs_volume" {\n', encoding="utf-8")
    result = run("graph", "--no-config")
    assert result.exit_code == 2
    assert "aws_ebs_volume.x" in result.stdout
    assert "main.tf" in result.stderr
    (here / "main.tf").unlink()
    assert run("graph", "--no-config").exit_code == 3
