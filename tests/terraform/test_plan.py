"""Plans as a third kind of input: recognised by content, led back to the configuration, told what they do not know."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partywall import catalog, discover
from partywall.check import check
from partywall.configuration import Settings
from partywall.declared import Declared, Deployment
from partywall.report import text
from partywall.report.style import Style
from partywall.rule import Severity
from partywall.source import MAX_BYTES, Source
from partywall.terraform import is_plan, load_plan
from partywall.terraform.plan_configuration import PlanConfiguration, place_of
from partywall.text.json_scanner import read_json
from partywall.text.node import MAX_NODES
from partywall.value import Known, Reference, Setting, Unknown, plain

TODAY = datetime.date(2026, 11, 1)

CONFIGURATION = """
variable "cidr" {
  default = "10.0.0.0/8"
}

resource "aws_security_group" "web" {
  name = "web"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [var.cidr]
  }
}
"""


def ingress(port: int, cidr: str) -> dict[str, Any]:
    """A rule as the provider plans it."""
    filled = {"description": "", "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [], "self": False}
    return {"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": [cidr], **filled}


def web() -> dict[str, Any]:
    """A plan of the configuration above: sets stand in another order, what nobody wrote is unknown."""
    values = {"name": "web", "ingress": [ingress(443, "10.0.0.0/8"), ingress(22, "0.0.0.0/0")], "tags": None}
    unknown = {"id": True, "arn": True, "egress": True, "name_prefix": True, "ingress": [{}, {}]}
    return plan(
        [resource("aws_security_group.web", values)],
        {"aws_security_group.web": unknown},
        configuration={
            "root_module": {
                "resources": [
                    {
                        "address": "aws_security_group.web",
                        "expressions": {"name": {"constant_value": "web"}, "ingress": {"references": ["var.cidr"]}},
                    }
                ]
            }
        },
        variables={"cidr": {"value": "10.0.0.0/8"}},
    )


def resource(address: str, values: dict[str, Any]) -> dict[str, Any]:
    """A planned resource or data source."""
    return {"address": address, "mode": "data" if "data." in address else "managed", "values": values}


def plan(resources: list[dict[str, Any]], unknown: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A plan with its usual parts."""
    changes = [
        {
            "address": one["address"],
            "change": {"actions": ["create"], "after_unknown": (unknown or {}).get(one["address"], {})},
        }
        for one in resources
    ]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        **more,
    }


def loaded(directory: Path, content: object, name: str = "plan.json") -> Deployment:
    path = directory / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return load_plan(str(path), project=str(directory))


def one(deployment: Deployment, address: str) -> Declared:
    (found,) = (it for it in deployment.resources if it.address == address)
    return found


def lines(value: Setting) -> list[int]:
    assert isinstance(value, Known)
    return [part.span.line for part in value.it] if isinstance(value.it, tuple) else []


# Recognition.


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"format_version":"1.2","planned_values":{}}', True),
        ('\ufeff{\n  "format_version": "0.1",\n  "planned_values": {}}', True),
        ('{"applyable": true, "format_version": "1.2", "resource_changes": []}', True),
        ('{"format_version":"1.0","values":{}}', False),
        ('{"format_version":"1.0","provider_schemas":{}}', False),
        ('{"Resources":{"format_version":{"Type":"A::B::C"}}}', False),
        ("[]", False),
        ("", False),
    ],
)
def test_a_plan_is_known_by_its_content(content: str, expected: bool, tmp_path: Path) -> None:
    path = tmp_path / "any.json"
    path.write_text(content, encoding="utf-8")
    assert is_plan(str(path)) is expected


def test_a_plan_may_be_of_any_size(tmp_path: Path) -> None:
    padded = {**web(), "padding": ["x" * MAX_BYTES, [0] * (MAX_NODES + 1)]}
    assert len(loaded(tmp_path, padded).resources) == 1


def test_a_plan_is_passed_over_beside_its_configuration_unless_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION, encoding="utf-8")
    (tmp_path / "apart").mkdir()
    for directory in (tmp_path, tmp_path / "apart"):
        (directory / "plan.json").write_text(json.dumps(web()), encoding="utf-8")
    found, problems = discover.targets([str(tmp_path)], ())
    assert problems == []
    kinds = {(it.dialect, Path(it.path).relative_to(tmp_path).as_posix()) for it in found}
    assert kinds == {("terraform", "."), ("plan", "apart/plan.json")}
    named, _ = discover.targets([str(tmp_path / "plan.json")], ())
    assert [it.dialect for it in named] == ["plan"]


def test_a_named_plan_shows_all_its_gaps_in_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text(CONFIGURATION, encoding="utf-8")
    Path("plan.json").write_text(json.dumps(web()), encoding="utf-8")
    settings = Settings(select=("NET101",))
    report = check(["plan.json"], settings, catalog.rules(), TODAY)
    assert [(it.resource, it.span.path, it.span.line) for it in report.shown(("gap",))] == [
        ("aws_security_group.web", "main.tf", 13)
    ]
    assert report.files == ("plan.json", "main.tf")


# What went wrong.


@pytest.mark.parametrize(
    ("content", "message", "place"),
    [
        ('{"format_version":"1.2",\n "planned_values": {]}', 'expected a key or "}"', (2, 21)),
        ('{"format_version":"2.0","planned_values":{}}', "plans of format 2.0 are not known here", (1, 19)),
        ('{"planned_values":{}}', "the plan does not say its format", (1, 1)),
    ],
)
def test_what_is_no_plan_is_one_problem_with_its_place(
    content: str, message: str, place: tuple[int, int], tmp_path: Path
) -> None:
    (problem,) = loaded(tmp_path, content).problems
    assert (problem.kind, problem.message) == ("error", message)
    assert (problem.span.line, problem.span.column) == place


def test_a_plan_that_ended_with_an_error_or_is_a_part_says_so(tmp_path: Path) -> None:
    (problem,) = loaded(tmp_path, {**web(), "errored": True, "complete": False}).problems
    assert (problem.kind, problem.message) == (
        "error",
        "planning ended with an error: what it did not reach is not in this plan",
    )
    deployment = loaded(tmp_path, {**web(), "errored": False, "complete": False})
    assert deployment.problems == ()
    assert [it.message for it in deployment.unseen] == [
        "the plan is incomplete: it holds a part of the configuration only"
    ]


# Values.


def test_what_nobody_wrote_is_not_set_and_what_somebody_wrote_may_be_unknown(tmp_path: Path) -> None:
    values = {"bucket": "a", "force_destroy": False, "tags": None}
    content = plan(
        [resource("aws_s3_bucket.a", values)],
        {"aws_s3_bucket.a": {"id": True, "acl": True, "policy": True}},
        configuration={
            "root_module": {
                "resources": [
                    {"address": "aws_s3_bucket.a", "expressions": {"bucket": {}, "policy": {"references": ["var.p"]}}}
                ]
            }
        },
    )
    attributes = one(loaded(tmp_path, content), "aws_s3_bucket.a").attributes
    assert set(attributes) == {"bucket", "policy"}
    assert plain(attributes["bucket"]) == "a"
    policy = attributes["policy"]
    assert isinstance(policy, Unknown)
    assert policy.why == "known after apply"


def test_elements_of_sets_find_their_places_and_unwritten_defaults_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION, encoding="utf-8")
    found = one(loaded(tmp_path, web()), "aws_security_group.web")
    assert set(found.attributes) == {"name", "ingress"}
    assert lines(found.attributes["ingress"]) == [16, 9]
    assert plain(found.attributes["ingress"]) == [
        {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]},
        {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]},
    ]
    assert (Path(found.span.path).name, found.span.line) == ("main.tf", 6)


def test_the_plan_wins_over_a_configuration_that_changed_since(tmp_path: Path) -> None:
    changed = CONFIGURATION.replace('"0.0.0.0/0"', '"192.0.2.1/32"').replace('"web"\n', '"renamed"\n')
    (tmp_path / "main.tf").write_text(changed, encoding="utf-8")
    found = one(loaded(tmp_path, web()), "aws_security_group.web")
    assert plain(found.attributes["name"]) == "web"
    assert found.attributes["name"].span.line == 7
    assert ["0.0.0.0/0"] in [plain(it) for it in _each(found.attributes["ingress"], "cidr_blocks")]


def _each(blocks: Setting, name: str) -> list[Setting]:
    assert isinstance(blocks, Known)
    assert isinstance(blocks.it, tuple)
    return [block.it[name] for block in blocks.it]


def test_another_configuration_beside_the_plan_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "other" {}\n', encoding="utf-8")
    deployment = loaded(tmp_path, web())
    assert [it.address for it in deployment.resources] == ["aws_security_group.web"]
    assert Path(one(deployment, "aws_security_group.web").span.path).name == "plan.json"


def test_the_variables_of_the_plan_decide_what_the_configuration_leaves_open(tmp_path: Path) -> None:
    text = 'variable "p" {}\nresource "aws_sqs_queue" "q" {\n  name = var.p\n}\n'
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    content = plan(
        [resource("aws_sqs_queue.q", {})], {"aws_sqs_queue.q": {"name": True}}, variables={"p": {"value": "j"}}
    )
    name = one(loaded(tmp_path, content), "aws_sqs_queue.q").attributes["name"]
    assert plain(name) == "j"
    assert name.span.line == 3


def test_sensitive_values_are_judged_and_never_shown(tmp_path: Path) -> None:
    content = plan([resource("aws_db_instance.d", {"password": "hunter2", "username": "u"})])
    content["resource_changes"][0]["change"]["after_sensitive"] = {"password": True}
    content["configuration"] = {
        "root_module": {
            "resources": [{"address": "aws_db_instance.d", "expressions": {"password": {}, "username": {}}}]
        }
    }
    attributes = one(loaded(tmp_path, content), "aws_db_instance.d").attributes
    password, username = attributes["password"], attributes["username"]
    assert isinstance(password, Known)
    assert isinstance(username, Known)
    assert (password.it, password.sensitive, username.sensitive) == ("hunter2", True, False)


def test_a_mask_over_a_whole_covers_its_parts(tmp_path: Path) -> None:
    content = plan([resource("aws_x.y", {"list": [{"a": "b"}]})], {"aws_x.y": {"list": [{"c": True}]}})
    content["resource_changes"][0]["change"]["after_sensitive"] = True
    (block,) = one(loaded(tmp_path, content), "aws_x.y").attributes["list"].it  # type: ignore[union-attr, misc]
    assert block.it["a"].sensitive
    assert isinstance(block.it["c"], Unknown)
    assert block.it["c"].sensitive


def test_a_fault_in_the_configuration_beside_the_plan_is_told(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION + "resource {\n", encoding="utf-8")
    (problem,) = loaded(tmp_path, web()).problems
    assert problem.kind == "error"
    assert Path(problem.span.path).name == "main.tf"


def test_data_sources_answer_from_the_prior_state(tmp_path: Path) -> None:
    content = plan([resource("aws_sqs_queue.q", {"name": "q"})])
    answer = resource("data.aws_caller_identity.me", {"account_id": "111122223333"})
    content["prior_state"] = {"values": {"root_module": {"resources": [answer, resource("aws_vpc.old", {})]}}}
    deployment = loaded(tmp_path, content)
    assert [it.address for it in deployment.resources] == ["data.aws_caller_identity.me", "aws_sqs_queue.q"]
    assert deployment.resources[0].type == "data.aws_caller_identity"
    assert plain(deployment.resources[0].attributes["account_id"]) == "111122223333"


# Addresses and references.


@pytest.mark.parametrize(
    ("address", "modules", "name", "key"),
    [
        ("aws_vpc.a", (), "aws_vpc.a", ""),
        ("data.aws_ami.a[0]", (), "data.aws_ami.a", "[0]"),
        (
            'module.a["x.y"].module.b[0].aws_vpc.c["]\\"."]',
            (("a", '["x.y"]'), ("b", "[0]")),
            "aws_vpc.c",
            '["]\\"."]',
        ),
    ],
)
def test_addresses_come_apart(address: str, modules: tuple[tuple[str, str], ...], name: str, key: str) -> None:
    place = place_of(address)
    assert place == (modules, name, key)
    assert place.address == address


@settings(deadline=None)
@given(st.lists(st.text(), max_size=3), st.text())
def test_any_key_comes_apart_and_together_again(calls: list[str], key: str) -> None:
    address = "".join(f"module.m[{json.dumps(one)}]." for one in calls) + f"aws_vpc.v[{json.dumps(key)}]"
    assert place_of(address).address == address
    assert len(place_of(address).modules) == len(calls)


CONFIGURED = {
    "root_module": {
        "resources": [
            {"address": "aws_vpc.one"},
            {"address": "aws_subnet.many", "for_each_expression": {"references": ["var.zones"]}},
            {"address": "aws_instance.each", "for_each_expression": {"references": ["aws_subnet.many"]}},
        ],
        "module_calls": {
            "net": {
                "expressions": {"vpc": {"references": ["aws_vpc.one.id", "aws_vpc.one"]}},
                "module": {
                    "resources": [{"address": "aws_subnet.inner"}],
                    "outputs": {"subnet": {"expression": {"references": ["aws_subnet.inner[0].id"]}}},
                },
            }
        },
    }
}
ADDRESSES = (
    "aws_vpc.one",
    'aws_subnet.many["a"]',
    'aws_subnet.many["b"]',
    'aws_instance.each["a"]',
    'aws_instance.each["b"]',
    'module.net["a"].aws_subnet.inner[0]',
    'module.net["b"].aws_subnet.inner[0]',
    'module.net["b"].aws_subnet.inner[1]',
)


@pytest.mark.parametrize(
    ("owner", "expression", "expected"),
    [
        ("aws_x.o", ["aws_vpc.one.id", "aws_vpc.one"], ["aws_vpc.one#id"]),
        ("aws_x.o", ['aws_subnet.many["b"].arn', "aws_subnet.many"], ['aws_subnet.many["b"]#arn']),
        ("aws_x.o", ['aws_subnet.many["c"].arn', "aws_subnet.many"], []),
        ("aws_x.o", ["aws_subnet.many"], ['aws_subnet.many["a"]#', 'aws_subnet.many["b"]#']),
        ("aws_x.o", ["aws_subnet.many", "local.chosen"], []),
        ('aws_x.o["a"]', ["aws_subnet.many", "each.key"], ['aws_subnet.many["a"]#']),
        ('aws_instance.each["b"]', ["each.value.id", "each.value"], ['aws_subnet.many["b"]#id']),
        ('module.net["b"].aws_x.o', ["var.vpc"], ["aws_vpc.one#id"]),
        ("aws_x.o", ['module.net["b"].subnet', 'module.net["b"]'], ['module.net["b"].aws_subnet.inner[0]#id']),
        ('module.net["b"].aws_x.o', ["aws_subnet.inner[1].id"], ['module.net["b"].aws_subnet.inner[1]#id']),
        ("aws_x.o", ["path.module", "terraform.workspace", "self.id", "count.index"], []),
    ],
)
def test_references_name_the_instances_that_are_meant(owner: str, expression: list[str], expected: list[str]) -> None:
    configuration = read_json(Source("", json.dumps(CONFIGURED))).root
    node = read_json(Source("", json.dumps({"references": expression}))).root
    found = PlanConfiguration(configuration, [*ADDRESSES, owner]).references(place_of(owner), node)
    assert [f"{it.address}#{it.attribute}" for it in found] == expected


def test_variables_that_lead_in_circles_lead_nowhere() -> None:
    content = {
        "root_module": {
            "module_calls": {
                "a": {
                    "expressions": {"x": {"references": ["module.a.y"]}},
                    "module": {"outputs": {"y": {"expression": {"references": ["var.x"]}}}},
                }
            }
        }
    }
    configuration = PlanConfiguration(read_json(Source("", json.dumps(content))).root, ["module.a.aws_x.o"])
    node = read_json(Source("", json.dumps({"references": ["var.x"]}))).root
    assert configuration.references(place_of("module.a.aws_x.o"), node) == ()


def test_a_companion_is_found_through_the_plan_alone(tmp_path: Path) -> None:
    expressions = {"bucket": {"references": ["aws_s3_bucket.b", "count.index"]}}
    content = plan(
        [
            resource("aws_s3_bucket.b[0]", {"bucket": "b0"}),
            resource("aws_s3_bucket.b[1]", {"bucket": "b1"}),
            resource("aws_s3_bucket_versioning.b[0]", {}),
            resource("aws_s3_bucket_versioning.b[1]", {}),
        ],
        {f"aws_s3_bucket_versioning.b[{at}]": {"bucket": True} for at in (0, 1)},
        configuration={
            "root_module": {"resources": [{"address": "aws_s3_bucket_versioning.b", "expressions": expressions}]}
        },
    )
    deployment = loaded(tmp_path, content)
    assert one(deployment, "aws_s3_bucket_versioning.b[1]").attributes["bucket"].references == (
        Reference("aws_s3_bucket.b[1]"),
    )


# Whatever it holds.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
PARTS = st.sampled_from(
    ["planned_values", "resource_changes", "configuration", "variables", "prior_state", "root_module", "resources",
     "address", "mode", "values", "change", "after_unknown", "expressions", "references", "module_calls", "outputs"]
)  # fmt: skip
PLANS = st.recursive(JSON, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PARTS, inner, max_size=6))


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(PARTS, PLANS))
def test_a_plan_of_any_shape_is_read_without_an_error(content: dict[str, Any]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        deployment = loaded(Path(directory), {"format_version": "1.2", **content})
    assert deployment.dialect == "terraform"


def test_what_stands_beside_a_gap_in_a_plan_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    values = {"user_data": "hunter2", "publicly_accessible": True, "filling": "x" * 500, "password": "hunter2"}
    content = plan([resource("aws_db_instance.d", values)])
    content["resource_changes"][0]["change"]["after_sensitive"] = {"password": True, "user_data": True}
    names: dict[str, object] = {name: {} for name in values}
    block = {"address": "aws_db_instance.d", "expressions": names}
    content["configuration"] = {"root_module": {"resources": [block]}}
    Path("plan.json").write_text(json.dumps(content), encoding="utf-8")
    report = check(["plan.json"], Settings(min_severity=Severity.LOW), catalog.rules(), TODAY)
    assert report.shown(("gap",))
    assert "hunter2" not in text.render(report, ("gap", "met", "unknown"), Style(colour=False, width=80))
