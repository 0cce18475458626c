"""Instances, nested and dynamic blocks, modules, providers: what a configuration deploys and under which address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from partywall.value import Choice, Known, Unknown, references
from tests.terraform.written import attributes, deployment, messages, output, resources, shape

EXPANSIONS = {
    "count = 2": ["x_y.a[0]", "x_y.a[1]"],
    'count = "2"': ["x_y.a[0]", "x_y.a[1]"],
    "count = 0": [],
    "count = false ? 1 : 0": [],
    'for_each = toset(["b", "a", "b"])': ['x_y.a["a"]', 'x_y.a["b"]'],
    "for_each = { k = 1, 2 = 3 }": ['x_y.a["2"]', 'x_y.a["k"]'],
    "for_each = {}": [],
    "for_each = { q = x_y.other.id }": ['x_y.a["q"]'],
    'for_each = toset(["a\\"b\\\\c"])': ['x_y.a["a\\"b\\\\c"]'],
    "count = var.open": ["x_y.a[?]"],
    "for_each = var.open": ["x_y.a[?]"],
    "count = var.open ? 1 : 0": ["x_y.a[0]"],
    "count = var.open ? 2 : 1": ["x_y.a[0]", "x_y.a[1]"],
}

HEAD = 'variable "open" {}\nresource "x_y" "other" {}\n'


@pytest.mark.parametrize("meta", EXPANSIONS)
def test_instances_have_their_addresses(tmp_path: Path, meta: str) -> None:
    found = deployment(tmp_path, f'{HEAD}resource "x_y" "a" {{\n  {meta}\n}}\n')
    assert not found.problems
    assert [one for one in resources(found) if one != "x_y.other"] == EXPANSIONS[meta]


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        ("count = null", "count needs a whole number from 0, not null"),
        ("count = -1", "count needs a whole number from 0, not a number"),
        ("count = 1.5", "count needs a whole number from 0, not a number"),
        ('for_each = ["a"]', "for_each needs a map or a set of texts, not a list: wrap it in toset()"),
        ("for_each = null", "for_each needs a map or a set of texts, not null"),
        ("for_each = toset([1])", "for_each needs a map or a set of texts"),
        ('for_each = sensitive({ a = 1 })', "for_each must not be sensitive: its keys are part of addresses"),
        ("count = nope.x.y", "nope.x is not declared"),
    ],
)  # fmt: skip
def test_an_impossible_number_of_instances_is_a_problem_and_one_may_be_there(
    tmp_path: Path, meta: str, message: str
) -> None:
    found = deployment(tmp_path, f'resource "x_y" "a" {{\n  {meta}\n}}\n')
    assert list(resources(found)) == ["x_y.a[?]"]
    assert [one.message.removesuffix("; the value counts as unknown") for one in found.problems] == [message]


def test_an_open_condition_decides_whether_an_instance_exists(tmp_path: Path) -> None:
    found = resources(deployment(tmp_path, f'{HEAD}resource "x_y" "a" {{\n  count = var.open ? 2 : 1\n}}\n'))
    assert shape(found["x_y.a[0]"].exists) is True
    assert shape(found["x_y.a[1]"].exists) == {"var.open is true": True, "var.open is false": False}


def test_instances_see_their_own_names(tmp_path: Path) -> None:
    text = """
        resource "x_y" "c" {
          count = 2
          n     = count.index
        }
        resource "x_y" "e" {
          for_each = { a = { v = 1 } }
          n        = "${each.key}${each.value.v}"
        }
        output "o" {
          value = [x_y.c[1].n, x_y.c[*].n, x_y.e["a"].n, [for k, v in x_y.e : "${k}=${v.n}"], length(x_y.c)]
        }
    """
    found = deployment(tmp_path, text)
    assert not found.problems
    assert output(found, "o") == [1, [0, 1], "a1", ["a=a1"], 2]


def test_a_reference_knows_what_is_written_and_leads_to_the_rest(tmp_path: Path) -> None:
    text = 'resource "x_y" "a" {\n  name = "n"\n}\nresource "x_y" "b" {\n  one = x_y.a.name\n  two = x_y.a.arn\n}\n'
    found = resources(deployment(tmp_path, text))["x_y.b"].attributes
    assert isinstance(found["one"], Known)
    assert found["one"].it == "n"
    assert isinstance(found["two"], Unknown)
    assert found["two"].why == "set by AWS at creation"
    for name in ("one", "two"):
        assert {one.address for one in references(found[name])} == {"x_y.a"}


@pytest.mark.parametrize(
    "chosen",
    [
        "element(x_y.a[*].id, 4)",
        "x_y.a[1].id",
        'lookup({ k = x_y.a[1].id, l = x_y.a[0].id }, "k")',
        "one([x_y.a[1].id])",
    ],
)
def test_what_is_chosen_from_a_collection_refers_to_no_other_part(tmp_path: Path, chosen: str) -> None:
    text = f'resource "x_y" "a" {{\n  count = 3\n}}\nresource "x_y" "b" {{\n  one = {chosen}\n}}\n'
    found = resources(deployment(tmp_path, text))["x_y.b"].attributes
    assert {one.address for one in references(found["one"])} == {"x_y.a[1]"}


DYNAMIC = """
variable "open" {}
variable "rules" { default = [{ port = 443, tags = ["a", "b"] }, { port = 80, tags = [] }] }
resource "x_y" "a" {
  rule { port = 22 }
  dynamic "rule" {
    for_each = var.rules
    iterator = it
    content {
      port = it.value.port
      at   = it.key
      dynamic "tag" {
        for_each = it.value.tags
        content { name = "${it.value.port}-${tag.value}" }
      }
    }
  }
  dynamic "none" {
    for_each = []
    content {}
  }
  dynamic "open" {
    for_each = var.open
    content { name = open.value }
  }
}
"""


def test_dynamic_blocks_are_written_out(tmp_path: Path) -> None:
    found = attributes(deployment(tmp_path, DYNAMIC), "x_y.a")
    assert found["rule"] == [
        {"port": 22},
        {"port": 443, "at": 0, "tag": [{"name": "443-a"}, {"name": "443-b"}]},
        {"port": 80, "at": 1, "tag": []},
    ]
    assert found["none"] == []
    assert found["open"] == {"var.open has elements is true": [{"name": "?"}], "var.open has elements is false": "?"}


def test_a_block_of_a_dynamic_block_stands_at_its_content(tmp_path: Path) -> None:
    found = resources(deployment(tmp_path, DYNAMIC))["x_y.a"].attributes["rule"]
    assert isinstance(found, Known)
    made = found.it[1]  # type: ignore[index]
    assert isinstance(made, Known)
    assert made.it["port"].span.line == 10
    assert 3 in {because.span.line for because in made.it["port"].origin}


def test_a_dynamic_block_over_null_is_a_problem(tmp_path: Path) -> None:
    text = 'resource "x_y" "a" {\n  dynamic "b" {\n    for_each = null\n    content {}\n  }\n}\n'
    assert messages(deployment(tmp_path, text)) == [
        "main.tf:2: only a list, set, map or object can be visited, not null; the value counts as unknown"
    ]


MODULE = {
    "main.tf": """
        module "top" {
          source   = "./m"
          for_each = { k = "v" }
          name     = each.value
        }
        module "many" {
          source = "./m"
          count  = 2
          name   = "n${count.index}"
        }
        module "none" {
          source = "./m"
          count  = 0
          name   = ""
        }
        output "o" { value = [module.top["k"].result, module.many[*].result, module.many[1].deep] }
    """,
    "m/main.tf": """
        variable "name" {}
        module "inner" {
          source = "../inner"
          text   = upper(var.name)
        }
        resource "x_y" "a" { name = var.name }
        output "result" { value = module.inner.text }
        output "deep" { value = x_y.a.name }
    """,
    "inner/main.tf": """
        variable "text" {}
        resource "x_y" "b" { text = var.text }
        output "text" { value = x_y.b.text }
    """,
}


def test_modules_have_instances_arguments_and_outputs(tmp_path: Path) -> None:
    found = deployment(tmp_path, MODULE)
    assert not found.problems
    assert sorted(resources(found)) == [
        "module.many[0].module.inner.x_y.b",
        "module.many[0].x_y.a",
        "module.many[1].module.inner.x_y.b",
        "module.many[1].x_y.a",
        'module.top["k"].module.inner.x_y.b',
        'module.top["k"].x_y.a',
    ]
    assert output(found, "o") == ["V", ["N0", "N1"], "n1"]


def test_an_absent_module_is_unseen_and_its_outputs_say_so(tmp_path: Path) -> None:
    text = """
        module "vpc" { source = "terraform-aws-modules/vpc/aws" }
        module "gone" { source = "../gone" }
        resource "x_y" "a" { n = module.vpc.id }
        output "o" { value = module.gone.x }
    """
    found = deployment(tmp_path, text)
    assert not found.problems
    assert [one.message for one in found.unseen] == [
        "module.vpc is not on disk and was not looked at",
        "module.gone lies outside the project and was not looked at",
    ]
    value = resources(found)["x_y.a"].attributes["n"]
    assert isinstance(value, Unknown)
    assert value.why == "module vpc is not on disk: run terraform init"


def _installed(source: str, directory: str) -> dict[str, str]:
    listed = {"Modules": [{"Key": "", "Source": "", "Dir": "."}, {"Key": "m", "Source": source, "Dir": directory}]}
    return {
        "main.tf": 'module "m" {\n  source = "a/b/aws"\n  name = "n"\n}\n',
        ".terraform/modules/modules.json": json.dumps(listed),
        ".terraform/modules/m/main.tf": 'variable "name" {}\nresource "x_y" "a" { name = var.name }\n',
    }


@pytest.mark.parametrize(
    ("source", "directory", "found"),
    [
        ("registry.terraform.io/a/b/aws", ".terraform/modules/m", True),
        ("registry.opentofu.org/a/b/aws", ".terraform\\\\modules\\\\m", True),
        ("registry.terraform.io/other/b/aws", ".terraform/modules/m", False),
        ("registry.terraform.io/a/b/aws", ".terraform/modules/gone", False),
        ("registry.terraform.io/a/b/aws", "/etc", False),
        ("registry.terraform.io/a/b/aws", "../../..", False),
    ],
)
def test_an_installed_module_is_read_where_init_put_it(
    tmp_path: Path, source: str, directory: str, found: bool
) -> None:
    read = deployment(tmp_path, _installed(source, directory.replace("\\\\", "\\")))
    assert bool(resources(read)) is found
    assert bool(read.unseen) is not found


@pytest.mark.parametrize(
    ("listed", "called", "said"),
    [
        (("a/b/aws", "4.0.0"), ("a/b/aws", "~> 5.1"), "was installed in version 4.0.0, which its call does not admit"),
        (("a/c/aws", "5.1.0"), ("a/b/aws", "~> 5.1"), "was installed from registry.terraform.io/a/c/aws, which its"),
        (("a/b/aws", "5.2.0-beta1"), ("a/b/aws", "~> 5.1"), "was installed in version 5.2.0-beta1, which its call"),
        (("a/b/aws", "5.9.1"), ("a/b/aws", "~> 5.1, != 5.9"), ""),
        (("a/b/aws", "6.0.0"), ("a/b/aws", ">= 5.1"), ""),
        (("a/b/aws", "5.1.0"), ("a/b/aws", "latest"), ""),
    ],
)  # fmt: skip
def test_a_stale_list_of_modules_is_told(
    tmp_path: Path, listed: tuple[str, str], called: tuple[str, str], said: str
) -> None:
    entry = {
        "Key": "m",
        "Source": f"registry.terraform.io/{listed[0]}",
        "Version": listed[1],
        "Dir": ".terraform/modules/m",
    }
    files = {
        "main.tf": f'module "m" {{\n  source = "{called[0]}"\n  version = "{called[1]}"\n}}\n',
        ".terraform/modules/modules.json": json.dumps({"Modules": [entry]}),
        ".terraform/modules/m/main.tf": 'resource "x_y" "a" {}\n',
    }
    found = deployment(tmp_path, files)
    assert bool(resources(found)) is not bool(said)
    assert [one.message for one in found.unseen] == ([] if not said else [found.unseen[0].message])
    assert all(one.message.startswith(f"module.m {said}") for one in found.unseen)


def test_a_broken_list_of_modules_is_as_good_as_none(tmp_path: Path) -> None:
    files = _installed("registry.terraform.io/a/b/aws", ".terraform/modules/m")
    for broken in ("{", '{"Modules": [1]}', "[]", '{"Modules": [{"Key": "m"}]}'):
        read = deployment(tmp_path, files | {".terraform/modules/modules.json": broken})
        assert read.unseen


def test_opentofu_may_compute_the_source(tmp_path: Path) -> None:
    text = 'locals {\n  where = "./m"\n}\nmodule "m" { source = local.where }\n'
    assert list(resources(deployment(tmp_path, {"main.tf": text, "m/a.tf": 'resource "x_y" "a" {}\n'}))) == [
        "module.m.x_y.a"
    ]


def test_a_module_that_calls_itself_is_a_problem(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" { source = "./a" }\n',
        "a/main.tf": 'resource "x_y" "r" {}\nmodule "b" { source = "../b" }\n',
        "b/main.tf": 'module "a" { source = "../a" }\n',
    }
    found = deployment(tmp_path, files)
    assert messages(found) == ["main.tf:1: module a calls itself; the value counts as unknown"]
    assert list(resources(found)) == ["module.a.x_y.r"]


def test_an_argument_that_no_variable_takes_is_noted(tmp_path: Path) -> None:
    found = deployment(tmp_path, {"main.tf": 'module "m" {\n  source = "./m"\n  extra = 1\n}\n', "m/main.tf": ""})
    assert found.unseen or messages(found) == ["main.tf:3: module m has no variable extra; the argument is passed over"]


def test_tags_of_the_provider_reach_every_resource_that_uses_it(tmp_path: Path) -> None:
    text = """
        provider "aws" {
          default_tags { tags = { Owner = "a", Kept = "default" } }
        }
        provider "aws" {
          alias = "east"
          default_tags { tags = { Owner = "b" } }
        }
        resource "aws_x" "one" { tags = { Kept = "own" } }
        resource "aws_x" "two" { provider = aws.east }
        resource "other_x" "three" {}
        module "inherits" { source = "./m" }
        module "given" {
          source    = "./m"
          providers = { aws = aws.east }
        }
    """
    found = deployment(tmp_path, {"main.tf": text, "m/main.tf": 'resource "aws_x" "m" {}\n'})
    tags = {address: shape(one.attributes["tags_all"]) for address, one in resources(found).items() if "aws" in address}
    assert tags == {
        "aws_x.one": {"Owner": "a", "Kept": "own"},
        "aws_x.two": {"Owner": "b"},
        "module.inherits.aws_x.m": {"Owner": "a", "Kept": "default"},
        "module.given.aws_x.m": {"Owner": "b"},
    }
    assert "tags_all" not in resources(found)["other_x.three"].attributes


def test_blocks_that_change_nothing_are_passed_over(tmp_path: Path) -> None:
    text = """
        moved {
          from = x_y.old
          to   = x_y.a
        }
        removed {
          from = x_y.gone
          lifecycle { destroy = false }
        }
        import {
          to = x_y.a
          id = "i"
        }
        check "health" {
          data "x_z" "d" {}
          assert {
            condition     = data.x_z.d.ok
            error_message = "no"
          }
        }
        resource "x_y" "a" {
          provisioner "local-exec" { command = self.id }
          lifecycle {
            ignore_changes = [tags]
            precondition {
              condition     = self.ok
              error_message = "no"
            }
          }
        }
    """
    found = deployment(tmp_path, text)
    assert not found.problems
    assert list(resources(found)) == ["x_y.a"]
    assert attributes(found, "x_y.a") == {}


def test_paths_are_relative_to_the_root(tmp_path: Path) -> None:
    inner = 'output "o" { value = [path.module, path.root, file("${path.module}/t.txt"), path.cwd] }\n'
    files = {"r/main.tf": 'module "m" { source = "../m" }\noutput "o" { value = module.m.o }\n', "m/main.tf": inner}
    found = deployment(tmp_path, files | {"m/t.txt": "text"}, root="r")
    assert output(found, "o") == ["../m", ".", "text", "?/r"]


def test_the_workspace_is_what_was_asked_for_or_a_choice(tmp_path: Path) -> None:
    text = 'resource "x_y" "a" { n = terraform.workspace == "prod" ? 1 : 2 }\n'
    assert attributes(deployment(tmp_path, text, workspace="prod"), "x_y.a") == {"n": 1}
    value = resources(deployment(tmp_path, text))["x_y.a"].attributes["n"]
    assert isinstance(value, Choice)
    assert value.variable == 'terraform.workspace == "prod"'


def test_one_argument_in_error_costs_that_argument(tmp_path: Path) -> None:
    text = 'resource "x_y" "a" {\n  good = 1\n  bad  = x_y.b.id\n  worse = upper(1, 2)\n}\nresource "x_y" "bb" {}\n'
    found = deployment(tmp_path, text)
    assert attributes(found, "x_y.a") == {"good": 1, "bad": "?", "worse": "?"}
    assert messages(found) == [
        "main.tf:3: x_y.b is not declared; did you mean x_y.bb?; the value counts as unknown",
        "main.tf:4: upper: it takes 1 argument; the value counts as unknown",
    ]


def test_a_part_in_error_costs_that_part(tmp_path: Path) -> None:
    text = """resource "x_y" "a" {
  list    = [x_y.b.id, "::/0"]
  object  = { one = x_y.b.id, two = 2 }
  text    = "arn:${x_y.b.id}/*"
  encoded = jsonencode({ Principal = "*", Resource = x_y.b.id })
}
"""
    found = deployment(tmp_path, text)
    made = attributes(found, "x_y.a")
    assert made["list"] == ["?", "::/0"]
    assert made["object"] == {"one": "?", "two": 2}
    assert made["text"] == "arn:?/*"
    assert made["encoded"] == {"Principal": "*", "Resource": "?"}
    assert [message.partition(";")[0] for message in messages(found)] == [
        f"main.tf:{line}: x_y.b is not declared" for line in (2, 3, 4, 5)
    ]


def test_an_error_that_is_waited_for_is_no_problem(tmp_path: Path) -> None:
    text = """resource "x_y" "a" {
  tried  = try([x_y.b.id], "other")
  can    = can("${x_y.b.id}")
  chosen = true ? "yes" : "no ${[1][1]}"
}
"""
    found = deployment(tmp_path, text)
    assert attributes(found, "x_y.a") == {"tried": "other", "can": False, "chosen": "yes"}
    assert messages(found) == []


def test_constants_in_capitals_are_a_problem_and_count_as_meant(tmp_path: Path) -> None:
    found = deployment(tmp_path, 'resource "x_y" "a" {\n  on = True\n  off = [FALSE]\n}\n')
    assert attributes(found, "x_y.a") == {"on": True, "off": [False]}
    assert messages(found) == [
        "main.tf:2: True is not declared; Terraform writes true; the value counts as true",
        "main.tf:3: FALSE is not declared; Terraform writes false; the value counts as false",
    ]
