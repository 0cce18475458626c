"""Hostile input ends in a problem or an unknown value, soon, and never in a traceback."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partywall.terraform import budget, functions, run
from partywall.terraform.scope import EvaluationError
from partywall.terraform.syntax import HclError
from partywall.value import Choice, Known, Unknown
from tests.terraform.test_reader import EXPRESSIONS, TEXTS
from tests.terraform.written import attributes, deployment, messages, output, shape, value

_DOUBLED = "".join(f"  l{n} = [local.l{n - 1}, local.l{n - 1}]\n" for n in range(1, 60))
_LONGER = "".join(f'  t{n} = "${{local.t{n - 1}}}${{local.t{n - 1}}}"\n' for n in range(1, 60))
_JOINED = "".join(f"  c{n} = concat(local.c{n - 1}, local.c{n - 1})\n" for n in range(1, 60))
_CHAIN = "".join(f"  n{n} = local.n{n - 1} + 1\n" for n in range(1, 400))
_NUMBERS = "flatten([for a in range(60) : [for b in range(100) : a * 100 + b]])"

HOSTILE = {
    "shared lists": f'locals {{\n  l0 = ["x"]\n{_DOUBLED}}}\noutput "o" {{ value = local.l59 }}\n',
    "shared lists as text": f'locals {{\n  l0 = ["x"]\n{_DOUBLED}}}\noutput "o" {{ value = jsonencode(local.l59) }}\n',
    "shared lists compared": f'locals {{\n  l0 = ["x"]\n{_DOUBLED}}}\noutput "o" {{ value = 1 == local.l59 }}\n',
    "doubled text": f'locals {{\n  t0 = "xxxxxxxxxxxxxxxx"\n{_LONGER}}}\noutput "o" {{ value = local.t59 }}\n',
    "doubled lists": f'locals {{\n  c0 = ["x"]\n{_JOINED}}}\noutput "o" {{ value = local.c59 }}\n',
    "loops": 'output "o" { value = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]] }\n',
    "loops in text": 'output "o" { value = "%{ for a in range(1000) }%{ for b in range(1000) }%{ for c in range(1000) }'
    'x%{ endfor }%{ endfor }%{ endfor }" }\n',
    "products": 'output "o" { value = setproduct(range(1000), range(1000), range(1000)) }\n',
    "widths": 'output "o" { value = format("%999999999d", 1) }\n',
    "powers": 'output "o" { value = pow(10, 100000000) }\n',
    "factors": "locals {\n  f0 = 1e300\n"
    + "".join(f"  f{n} = local.f{n - 1} * local.f{n - 1}\n" for n in range(1, 30))
    + '}\noutput "o" { value = local.f29 }\n',
    "digits": 'output "o" { value = parseint("' + "9" * 100_000 + '", 10) }\n',
    "count": 'resource "x_y" "a" { count = 1000000000 }\n',
    "patterns": 'output "o" { value = regex("(a|a)*(a|a)*b", "' + "a" * 5000 + '") }\n',
    "more patterns": 'output "o" { value = regex("a*a*a*a*a*b", "' + "a" * 5000 + '") }\n',
    "aliases": 'output "o" { value = yamldecode("a: &a [x,x,x,x,x,x,x,x,x]\\n'
    + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + '") }\n',
    "JSON": 'output "o" { value = jsondecode("' + "[" * 100_000 + '") }\n',
    "flattened": 'output "o" { value = flatten([for a in range(1000) : range(1000)]) }\n',
    "distinct numbers": f'output "o" {{ value = distinct({_NUMBERS}) }}\n',
    "distinct objects": f'output "o" {{ value = distinct([for n in {_NUMBERS} : {{ m = n }}]) }}\n',
    "sets compared": f"locals {{\n  n = {_NUMBERS}\n}}\n" 'output "o" { value = setsubtract(local.n, local.n) }\n',
    "replaced": 'output "o" { value = replace(join("", range(1000)), "", join("", range(1000))) }\n',
    "sum of many": "locals {\n  s = " + "1 + " * 20_000 + '1\n}\noutput "o" { value = local.s }\n',
    "nested templates": "locals {\n  t0 = \"x\"\n"
    + "".join(f"  t{n} = templatestring(local.t{n - 1}, {{}})\n" for n in range(1, 50))
    + '}\noutput "o" { value = local.t49 }\n',
    "conditionals": 'variable "v" {}\nlocals {\n  q0 = 1\n'
    + "".join(f"  q{n} = var.v == {n} ? local.q{n - 1} : [local.q{n - 1}]\n" for n in range(1, 60))
    + '}\noutput "o" { value = local.q59 }\n',
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_configuration_ends_soon(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A quarter of the real limits, so that the test itself ends soon.
    monkeypatch.setattr(budget, "MAX_STEPS", budget.MAX_STEPS // 4)
    monkeypatch.setattr(budget, "MAX_PARTS", budget.MAX_PARTS // 4)
    began = time.process_time()
    found = deployment(tmp_path, HOSTILE[name])
    assert time.process_time() - began < 12
    assert all(one.kind in {"note", "error"} for one in found.problems)


def test_a_limit_that_is_reached_is_a_problem_with_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_STEPS", 2_000)
    monkeypatch.setattr(budget, "MAX_PARTS", 1_000)
    monkeypatch.setattr(run, "MAX_INSTANCES", 10)
    text = """
        locals {
          long = [for a in range(1000) : [for b in range(1000) : b]]
          l1   = [for a in range(9) : a]
          big  = [for a in range(9) : [local.l1, local.l1, local.l1, local.l1, local.l1, local.l1, local.l1]]
          huge = [local.big, local.big, local.big]
        }
        resource "x_y" "a" { count = 10001 }
        resource "x_y" "b" { count = 6 }
        resource "x_y" "c" {
          count = 6
        }
        output "o" { value = [local.huge, local.long] }
    """
    assert sorted(messages(deployment(tmp_path, text))) == [
        "main.tf:10: the deployment has more than 10 resources and modules; the value counts as unknown",
        "main.tf:3: evaluation takes more than 2000 steps; what is left of it counts as unknown",
        "main.tf:6: the value has more than 1000 parts; it counts as unknown",
        "main.tf:8: count is beyond 10000; the value counts as unknown",
    ]


def test_values_may_come_a_long_way(tmp_path: Path) -> None:
    text = f'locals {{\n  n0 = 0\n{_CHAIN}}}\noutput "o" {{ value = local.n399 }}\n'
    assert output(deployment(tmp_path, text), "o") == 399


def test_what_depends_on_itself_is_unknown(tmp_path: Path) -> None:
    text = 'locals {\n  a = local.b\n  b = local.a\n}\nresource "x_y" "a" {\n  n = local.a\n  self = x_y.a.n\n}\n'
    assert attributes(deployment(tmp_path, text), "x_y.a") == {"n": "?", "self": "?"}


@settings(max_examples=300, deadline=None)
@given(st.one_of(EXPRESSIONS, TEXTS))
def test_the_evaluator_answers_or_says_what_is_wrong(text: str) -> None:
    try:
        found = value(text)
    except (EvaluationError, HclError):
        return
    assert isinstance(found, Known | Unknown | Choice)
    shape(found)


_ARGUMENTS = st.sampled_from(
    [
        "1", "-1", "0.5", "1e400", '"a"', '""', "null", "true", "[]", "[1, 2]", '["a", null]', "{}", "{ a = 1 }", "u",
        "half", "texts", "object", "secret", "partly", '"10.0.0.0/8"', '"2001:db8::/32"', '"2024-01-01T00:00:00Z"',
        '"[{}]"', '"%s%d%v"', '"(a+)+"', '"/a/"', '"t.txt"', '"../x"', '"\\u0000"', "u ? 1 : []", "[[1], [2, [3]]]",
        "1e30", '"UTF-16"', '"é\\u0301"',
    ]
)  # fmt: skip


@example(name="floor", arguments=["1e400"])
@example(name="toset", arguments=["[1e400, 1]"])
@example(name="fileset", arguments=['"\\u0000"', "1"])
@example(name="textencodebase64", arguments=["1", '"\\u0000"'])
@example(name="base64decode", arguments=['"é"'])
@settings(max_examples=600, deadline=None)
@given(
    name=st.sampled_from(sorted(functions.names() | {"try", "can", "templatefile", "templatestring"})),
    arguments=st.lists(_ARGUMENTS, max_size=4),
)
def test_every_function_answers_or_says_what_is_wrong(name: str, arguments: list[str]) -> None:
    try:
        found = value(f"{name}({', '.join(arguments)})")
    except EvaluationError:
        return
    assert isinstance(found, Known | Unknown | Choice)
    shape(found)
