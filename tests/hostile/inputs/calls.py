"""Stacks and modules that deploy and call each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.hostile.inputs.making import VOLUME, hostile, resource, template, terraform


def _stack(url: str) -> dict[str, Any]:
    return resource("AWS::CloudFormation::Stack", TemplateURL=url)


@hostile
def stacks_in_cycles(at: Path, n: int = 200) -> None:
    """Templates that nest each other in cycles."""
    for k in range(n):
        stacks = {f"S{step}": _stack(f"./{(k + step) % n}.json") for step in (1, 2, 3)}
        template(at, {**stacks, "V": resource("AWS::EC2::Volume")}, f"{k}.json")


@hostile
def stacks_in_one_cycle(at: Path) -> None:
    """200 templates, each nests the next."""
    for n in range(200):
        template(at, {"S": _stack(f"./{(n + 1) % 200}.json")}, f"{n}.json")


@hostile
def stacks_nest_all(at: Path) -> None:
    """60 templates that each nest all others."""
    for n in range(60):
        template(at, {f"S{k}": _stack(f"./{k}.json") for k in range(60)}, f"{n}.json")


@hostile
def stacks_doubling(at: Path) -> None:
    """30 templates, each nests the next twice."""
    for n in range(30):
        template(
            at,
            {"A": _stack(f"./{n + 1}.json"), "B": _stack(f"./{n + 1}.json")}
            if n < 29
            else {"V": resource("AWS::EC2::Volume")},
            f"{n}.json",
        )


@hostile
def stacks_doubling_with_parameters(at: Path) -> None:
    """Eight templates, each nests the next twice, and joins its parameter with itself."""
    double = {"Fn::Join": ["", [{"Ref": "P"}, {"Ref": "P"}] * 20]}
    for n in range(8):
        one = resource("AWS::CloudFormation::Stack", TemplateURL=f"./{n + 1}.json", Parameters={"P": double})
        last = {"B": resource("AWS::S3::Bucket", BucketName=double)}
        template(
            at,
            {"A": one, "B": one} if n < 7 else last,
            f"{n}.json",
            Parameters={"P": {"Type": "String", "Default": "ab"}},
        )


@hostile
def modules_doubling(at: Path) -> None:
    """20 modules, each calls the next twice."""
    call = 'module "a" {\n  source = "./m"\n}\nmodule "b" {\n  source = "./m"\n}\n'
    for depth in range(20):
        terraform(at, call, "/".join(["m"] * depth + ["main.tf"]))


@hostile
def module_calls_itself(at: Path) -> None:
    """A module that calls itself twice, by odd ways."""
    terraform(at, 'module "a" {\n  source = "./"\n}\nmodule "b" {\n  source = "./x/.."\n}\n')
    (at / "x").mkdir()


@hostile
def modules_deep(at: Path) -> None:
    """400 modules, each calls the next."""
    for n in range(400):
        terraform(
            at, f'module "a" {{\n  source = "../m{n + 1}"\n}}\n' if n < 399 else VOLUME.format(at=0), f"m{n}/main.tf"
        )


@hostile
def modules_json_points_outside(at: Path) -> None:
    """The list of installed modules names directories outside of the project."""
    modules = [
        {"Key": f"m{n}", "Source": "x", "Dir": path}
        for n, path in enumerate(["/etc", "../../../../etc", "/", "/proc/self", "/dev"])
    ]
    terraform(at, json.dumps({"Modules": modules}), ".terraform/modules/modules.json")
    terraform(at, "".join(f'module "m{n}" {{\n  source = "x/y/z"\n}}\n' for n in range(5)))
