"""Meta-arguments belong to modules or to resources; what only has the same name is an argument like any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from partywall import terraform
from partywall.value import plain

HCL = """
variable "release" {
  default = "1.30"
}

resource "aws_eks_cluster" "it" {
  version = var.release
  source  = "here"
}
"""
JSON = json.dumps(
    {
        "variable": {"release": {"default": "1.30"}},
        "resource": {"aws_eks_cluster": {"it": {"version": "${var.release}", "source": "here"}}},
    }
)


@pytest.mark.parametrize(("name", "text"), [("main.tf", HCL), ("main.tf.json", JSON)])
def test_a_resource_may_have_a_version_and_a_source(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    deployment = terraform.load(str(tmp_path), variables={}, variable_files=(), workspace=None)
    (found,) = (it for it in deployment.resources if it.type == "aws_eks_cluster")
    assert {key: plain(value) for key, value in found.attributes.items()} == {"version": "1.30", "source": "here"}
