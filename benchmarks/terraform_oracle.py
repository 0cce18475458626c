"""Compare what we evaluate with what `terraform plan` answers, attribute by attribute.

    python benchmarks/terraform_oracle.py DIRECTORY... [--cache DIR] [--limit N] [--show N]

Every root module at or below the directories is copied, planned offline and compared. Needs the `terraform`
binary and an unpacked AWS provider; plans are kept in the cache, so a second run costs seconds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from partywall import terraform
from partywall.declared import Declared, Deployment
from partywall.source import is_file, read
from partywall.terraform.files import Configuration, directories, read_module
from partywall.terraform.reader import read_body
from partywall.terraform.scope import Created
from partywall.terraform.syntax import Block
from partywall.text.structured import JsonArray, JsonObject, JsonText
from partywall.value import READ, Known, Setting, Unknown, plain, references

PROVIDERS = Path(os.environ.get("TF_PLUGIN_MIRROR", "/opt/tf-plugins"))
OVERRIDE = "partywall_oracle_override.tf"
ACCOUNT = "123456789012"
ZONES = ("a", "b", "c")


# Planning.


def binary() -> str | None:
    """The path of `terraform`; None where it or an unpacked AWS provider is missing."""
    return shutil.which("terraform") if provider() is not None else None


def provider() -> Path | None:
    """The folder that holds the AWS provider's program."""
    found = sorted(PROVIDERS.glob("registry.terraform.io/hashicorp/aws/*/*/terraform-provider-aws*"))
    return found[-1].parent if found else None


class Planner:
    """Plans root modules offline: no backend, made-up credentials, and a pretended AWS for the commonest questions."""

    def __init__(self, work: Path, cache: Path | None = None) -> None:
        self.work, self.cache = work, cache or work / "plans"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _PretendedAws)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        folder = provider()
        assert folder is not None, "no AWS provider"
        work.mkdir(parents=True, exist_ok=True)
        settings = work / "terraform.tfrc"
        settings.write_text(
            f'provider_installation {{\n  dev_overrides {{ "hashicorp/aws" = "{folder}" }}\n'
            '  direct { exclude = ["*/*"] }\n}\n',
            encoding="utf-8",
        )
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(work),
            "TF_CLI_CONFIG_FILE": str(settings),
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server.server_port}",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def copied(self, root: str, project: str) -> tuple[str, str]:
        """A root module and its project where terraform can plan it: the copies of both directories."""
        top = self.work / hashlib.sha256(project.encode()).hexdigest()[:12]
        if not top.exists():
            shutil.copytree(project, top, ignore=_IGNORED, symlinks=True)
            for directory in directories(str(top)):
                _prepare(read_module(directory), str(top))
        copy = top / os.path.relpath(root, project)
        if not (copy / OVERRIDE).exists():
            (copy / OVERRIDE).write_text(_provider(None), encoding="utf-8")
        return os.path.normpath(copy), str(top)

    def plan(self, root: str, name: str, variables: Mapping[str, str]) -> dict[str, Any] | str:
        """The plan of a copied root as `terraform show -json` prints it, or what terraform said instead.

        `name` is what the cache keeps it under.
        """
        kept = self.kept(name)
        if kept.exists():
            found: dict[str, Any] | str = json.loads(kept.read_text(encoding="utf-8"))
            return found
        made = self._planned(Path(root), variables)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(made), encoding="utf-8")
        return made

    def kept(self, name: str) -> Path:
        """Where the cache keeps a plan."""
        return self.cache / f"{hashlib.sha256(name.encode()).hexdigest()[:20]}.json"

    def together(self, roots: Sequence[str]) -> tuple[dict[str, str], dict[str, Any], str]:
        """Many small roots planned at once, as modules of one root: far faster than one by one.

        Returns what terraform said of those it refused, the plan of the others, and the directory that calls them.
        """
        name = hashlib.sha256("\n".join(roots).encode()).hexdigest()[:20]
        top, kept = self.work / name, self.cache / f"{name}.json"
        top.mkdir(parents=True)
        names = {f"r{number}": root for number, root in enumerate(roots)}
        for short, root in names.items():
            shutil.copytree(root, top / short, ignore=_IGNORED, symlinks=True)
            for directory in directories(str(top / short)):
                _prepare(read_module(directory), str(top / short))
        (top / "providers.tf").write_text(_provider(None, "us-east-1"), encoding="utf-8")
        if kept.exists():
            found = json.loads(kept.read_text(encoding="utf-8"))
            self._call(top, [short for short, root in names.items() if root not in found["refused"]])
            return found["refused"], found["plan"], str(top)
        refused: dict[str, str] = {}
        while True:
            self._call(top, [short for short, root in names.items() if root not in refused])
            made = self._planned(top, {})
            if not isinstance(made, str):
                break
            parts = [
                part for part in re.split(r"^(?=(?:Error|Warning): )", made, flags=re.MULTILINE) if part[:1] == "E"
            ]
            said = {short: part for part in parts for short in _NAMED.findall(part) if short in names}
            guilty = {names[short]: part for short, part in said.items() if names[short] not in refused}
            assert guilty, made
            refused |= guilty
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"refused": refused, "plan": made}), encoding="utf-8")
        return refused, made, str(top)

    def _call(self, top: Path, shorts: Sequence[str]) -> None:
        calls = []
        for short in shorts:
            values = sample_values(str(top / short)) or {}
            given = "".join(f"  {name} = {_expression(text)}\n" for name, text in values.items())
            calls.append(f'module "{short}" {{\n  source = "./{short}"\n{given}}}\n')
        (top / "main.tf").write_text("\n".join(calls), encoding="utf-8")

    def _planned(self, directory: Path, variables: Mapping[str, str]) -> dict[str, Any] | str:
        given = [f"-var={name}={text}" for name, text in variables.items()]
        if any((directory / name).is_dir() for name in os.listdir(directory)) or read_module(str(directory)).modules:
            answer = self._run(directory, "get", "-no-color")
            if answer.returncode:
                return answer.stderr + answer.stdout
        options = ("-out=oracle.tfplan", "-refresh=false", "-input=false", "-lock=false", "-no-color")
        answer = self._run(directory, "plan", *options, *given)
        if answer.returncode:
            return answer.stderr + answer.stdout
        answer = self._run(directory, "show", "-json", "oracle.tfplan")
        made: dict[str, Any] = json.loads(answer.stdout)
        return made

    def _run(self, directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["terraform", *arguments]
        return subprocess.run(  # noqa: S603 - the command is ours
            command, cwd=directory, env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )


_IGNORED = shutil.ignore_patterns(".terraform", ".git", ".terraform.lock.hcl", "*.tfplan")
_NAMED = re.compile(r"(?:\bon |with module\.|in module \"|module\.)(r\d+)\b")
"""How terraform names a module in what it says."""


def _expression(text: str) -> str:
    return text if text in ("true", "1", "[]", "{}") else f'"{text}"'


def _prepare(configuration: Configuration, top: str) -> None:
    """Cut what cannot be had offline out of a module's files, and lay made-up credentials over its providers."""
    for path in Path(configuration.directory).glob("*.tf"):
        source = read(str(path))
        changes = [change for block in read_body(source)[0].blocks for change in _changes(block, path, top)]
        text = source.text
        for start, end, new in sorted(changes, reverse=True):
            text = text[:start] + new + text[end:]
        older = _REGION.sub(r"\1.name", text)
        if older != source.text:
            path.write_text(older, encoding="utf-8")
    aliases = {_alias(block) for block in configuration.providers if block.labels == ("aws",)}
    if aliases:
        text = "\n".join(_provider(alias) for alias in sorted(aliases, key=str))
        (Path(configuration.directory) / OVERRIDE).write_text(text, encoding="utf-8")


def _alias(block: Block) -> str | None:
    argument = block.body.argument("alias")
    return None if argument is None else str(argument.expression.value)


_REGION = re.compile(r"(data\.aws_region\.\w+(?:\[0\])?)\.region\b")
"""How version 6 of the provider names what version 5 calls `name`."""

_OLD_TYPES = {"string": "string", "list": "list(any)", "map": "map(any)"}
"""How Terraform 0.11 wrote types, and what is read today."""


def _changes(block: Block, path: Path, top: str) -> Iterator[tuple[int, int, str]]:
    """Where state is kept, arguments of later providers only, and registry modules that lie beside."""
    if block.type == "terraform":
        for inner in block.body.blocks:
            if inner.type in {"backend", "cloud", "provider_meta"}:
                yield inner.start, inner.end, ""
        wanted = block.body.argument("required_version")
        if wanted is not None:
            yield wanted.start, wanted.expression.end, ""
    if block.type == "variable" and (kind := block.body.argument("type")) is not None:
        plain_type = _OLD_TYPES.get(str(getattr(kind.expression, "value", "")))
        if plain_type is not None:
            yield kind.expression.start, kind.expression.end, plain_type
    if block.type in {"resource", "data"}:
        for argument in block.body.arguments:
            text = argument.source.text[argument.expression.start : argument.expression.end]
            if argument.name == "region" and text == "var.region":
                yield argument.start, argument.expression.end, ""
    if block.type == "module":
        called = block.body.argument("source")
        value = getattr(called.expression, "value", None) if called is not None else None
        found = re.match(r"terraform-aws-modules/([\w-]+)/aws(?://(.*))?$", value if isinstance(value, str) else "")
        beside = os.path.join(top, f"terraform-aws-modules_terraform-aws-{found[1]}", found[2] or "") if found else ""
        if called is not None and beside and os.path.isdir(beside):
            yield called.expression.start, called.expression.end, f'"{os.path.relpath(beside, path.parent)}"'
            version = block.body.argument("version")
            if version is not None:
                yield version.start, version.expression.end, ""


def _provider(alias: str | None, region: str | None = None) -> str:
    named = "" if alias is None else f'  alias = "{alias}"\n'
    named += "" if region is None else f'  region = "{region}"\n'
    return (
        f'provider "aws" {{\n{named}  profile = null\n  access_key = "mock"\n  secret_key = "mock"\n'
        "  assume_role {}\n  skip_credentials_validation = true\n  skip_requesting_account_id = true\n"
        "  skip_metadata_api_check = true\n  skip_region_validation = true\n  max_retries = 1\n}\n"
    )


def reason(text: str) -> str:
    """Why a root cannot be planned here, by what terraform said."""
    if "no version is selected" in text or "Missing required provider" in text:
        return "needs another provider"
    if "remote module" in text or "Failed to download" in text or "Could not download" in text:
        return "needs a module that is not on disk"
    found = re.search(r"^Error: (.*)$", text, re.MULTILINE)
    message = found[1] if found else "terraform failed"
    if re.match(r"reading |.*(couldn't find|no matching|operation error)", message):
        return "reads from AWS"
    return f"refused: {message[:60]}"


class _PretendedAws(BaseHTTPRequestHandler):
    """Answers who is asking and which zones there are; refuses everything else."""

    def do_POST(self) -> None:
        """A query-protocol request."""
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        answer = _ANSWERS.get(form.get("Action", [""])[0])
        self._send(200 if answer else 403, answer or "<Response><Errors/></Response>")

    def do_GET(self) -> None:
        """A REST request: none is known."""
        self._send(403, "<Error><Code>AccessDenied</Code></Error>")

    do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names are the library's

    def _send(self, status: int, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the library's
        """Keep silent."""


_ANSWERS = {
    "GetCallerIdentity": (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        f"<Arn>arn:aws:iam::{ACCOUNT}:user/oracle</Arn><UserId>AIDAORACLE</UserId><Account>{ACCOUNT}</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    ),
    "DescribeVpcs": (
        '<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><vpcSet><item><vpcId>vpc-12345678</vpcId>'
        f"<ownerId>{ACCOUNT}</ownerId><state>available</state><cidrBlock>172.31.0.0/16</cidrBlock><isDefault>true"
        "</isDefault><instanceTenancy>default</instanceTenancy><dhcpOptionsId>default</dhcpOptionsId></item></vpcSet>"
        "</DescribeVpcsResponse>"
    ),
    "DescribeAvailabilityZones": (
        '<DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><availabilityZoneInfo>'
        + "".join(
            f"<item><zoneName>us-east-1{zone}</zoneName><zoneState>available</zoneState><regionName>us-east-1"
            f"</regionName><zoneId>use1-az{number}</zoneId><groupName>us-east-1</groupName>"
            "<optInStatus>opt-in-not-required</optInStatus></item>"
            for number, zone in enumerate(ZONES, 1)
        )
        + "</availabilityZoneInfo></DescribeAvailabilityZonesResponse>"
    ),
}


def sample_values(root: str) -> dict[str, str] | None:
    """Made-up values for the variables of a root that have none; None where a type is not a simple one."""
    names = os.listdir(root)
    if any(name in names for name in ("terraform.tfvars", "terraform.tfvars.json")):
        return {}
    out = {}
    for name, block in read_module(root).variables.items():
        if block.body.argument("default") is not None:
            continue
        argument = block.body.argument("type")
        text = argument.source.text[argument.expression.start : argument.expression.end] if argument else "string"
        kind = text.strip('"').partition("(")[0].strip()
        value = {"string": "oracle", "number": "1", "bool": "true", "list": "[]", "set": "[]", "map": "{}"}.get(kind)
        if value is None:
            return None
        out[name] = value
    return out


# Comparing.


@dataclass
class Comparison:
    """What was compared: written leaves that the plan knows, those unknown to us, and what contradicts."""

    resources: int = 0
    compared: int = 0
    known: int = 0
    beyond: int = 0
    unknown: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)

    def add(self, other: Comparison) -> None:
        """Count another comparison in."""
        self.resources += other.resources
        self.compared += other.compared
        self.known += other.known
        self.beyond += other.beyond
        self.unknown += other.unknown
        self.read += other.read
        self.contradicted += other.contradicted


def compare(plan: Mapping[str, Any], deployment: Deployment) -> Comparison:
    """Every attribute that the configuration writes, as we evaluate it and as the plan has it."""
    result = Comparison()
    masks = {it["address"]: it["change"].get("after_unknown", {}) for it in plan.get("resource_changes", ())}
    planned = {it["address"]: it for it in _resources(plan["planned_values"].get("root_module", {}))}
    ours = {it.address: it for it in deployment.resources if it.type.startswith("aws_")}
    for address, theirs in planned.items():
        if theirs["mode"] != "managed":
            continue
        declared = ours.get(address)
        if declared is None:
            kind = result.unknown if _open(address, ours) else result.contradicted
            kind.append(f"{address}: planned, but not among ours")
            continue
        result.resources += 1
        _compare_resource(declared, theirs.get("values", {}), masks.get(address, {}), result)
    outputs = {it.address: it for it in deployment.resources if it.type == "output"}
    for name, change in plan.get("output_changes", {}).items():
        declared = outputs.get(f"output.{name}")
        if declared is not None and "value" in declared.attributes and "after" in change:
            mask = change.get("after_unknown", False)
            _leaf(f"output.{name}", declared.attributes["value"], change["after"], mask, result)
    for address, declared in ours.items():
        if isinstance(declared.exists, Known) and declared.exists.it and address not in planned:
            result.contradicted.append(f"{address}: ours, but not planned")
    return result


def _resources(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


_KEYS = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def _open(address: str, ours: Mapping[str, Declared]) -> bool:
    """Whether one of our instances with an unknown key may stand for an address."""
    plain = _KEYS.sub("", address)
    return any("[?]" in it and _KEYS.sub("", it.replace("[?]", "")) == plain for it in ours)


def _compare_resource(declared: Declared, values: Mapping[str, Any], mask: Any, result: Comparison) -> None:
    for name, value in declared.attributes.items():
        if name == "tags_all" and name not in values and not _masked(mask, name):
            continue  # Not every type has tags; which do, only the provider's schema tells.
        _leaf(f"{declared.address}.{name}", value, values.get(name), _masked(mask, name), result)


def _masked(mask: Any, key: str | int) -> Any:
    if mask is True:
        return True
    if isinstance(mask, dict):
        return mask.get(key, False)
    if isinstance(mask, list) and isinstance(key, int) and key < len(mask):
        return mask[key]
    return False


def _leaf(path: str, ours: Setting, theirs: Any, mask: Any, result: Comparison) -> None:
    """Compare one value; lists of blocks and maps by their parts."""
    if mask is True:
        result.beyond += isinstance(ours, Known) and ours.it is not None
        return
    if isinstance(ours, Known) and ours.it is None:
        return
    if not isinstance(ours, Known):
        result.compared += 1
        why = ours.why if isinstance(ours, Unknown) else f"depends on {ours.variable}"
        from_aws = why == READ or any(re.search(r"(^|\.)data\.", it.address) for it in references(ours))
        (result.read if from_aws else result.unknown).append(f"{path}: {why} (plan: {theirs!r})")
        return
    it: object = ours.it
    if isinstance(it, JsonObject | JsonArray | JsonText) or (isinstance(it, str) and _json(theirs) is not None):
        _text(path, ours, theirs, result)
    elif isinstance(it, tuple):
        _list(path, it, theirs, mask, result)
    elif isinstance(it, Mapping):
        _map(path, it, theirs, mask, result)
    else:
        _scalar(path, it, theirs, result)


def _contradict(path: str, ours: object, theirs: object, result: Comparison) -> None:
    result.compared += 1
    result.contradicted.append(f"{path}: ours {_short(ours)}, plan {_short(theirs)}")


def _short(value: object) -> str:
    return value if isinstance(value, str) and len(value) < 200 else repr(value)[:300]


def _agree(result: Comparison) -> None:
    result.compared += 1
    result.known += 1


def _scalar(path: str, ours: object, theirs: object, result: Comparison) -> None:
    if isinstance(theirs, list) and len(theirs) == 1:
        theirs = theirs[0]
    if _same_scalar(ours, theirs):
        _agree(result)
    else:
        _contradict(path, ours, theirs, result)


def _same_scalar(ours: object, theirs: object) -> bool:
    if (ours == "" and theirs is None) or (theirs == "" and str(ours).strip() == "{}"):
        return True
    if isinstance(ours, bool) or isinstance(theirs, bool):
        words = {True: "true", False: "false", "1": "true", "0": "false"}
        return words.get(ours, ours) == words.get(theirs, theirs)
    if isinstance(theirs, int | float) or not isinstance(ours, str):
        try:
            return float(str(ours)) == float(str(theirs))
        except ValueError:
            return False
    if not isinstance(theirs, str):
        return False
    return _normal(ours) == _normal(theirs) or hashlib.sha1(ours.encode()).hexdigest() == theirs  # noqa: S324 - the provider's own


def _normal(text: str) -> str:
    """Text without what providers change: case, a final dot or line end, the number of a protocol."""
    text = text.strip().rstrip(".").lower()
    return {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}.get(text, text)


def _list(path: str, ours: tuple[Setting, ...], theirs: Any, mask: Any, result: Comparison) -> None:
    if isinstance(theirs, Mapping) and len(ours) == 1:
        _leaf(path, ours[0], theirs, mask, result)
        return
    if theirs is None and not ours:
        _agree(result)
        return
    if not isinstance(theirs, list):
        _contradict(path, ours, theirs, result)
        return
    tried = Comparison()
    if len(ours) == len(theirs):
        for at, item in enumerate(ours):
            _leaf(f"{path}[{at}]", item, theirs[at], _masked(mask, at), tried)
    if not ours and not theirs:
        _agree(result)
    elif len(ours) != len(theirs) or tried.contradicted:
        _set(path, ours, theirs, mask, result)
    else:
        result.add(tried)


def _set(path: str, ours: tuple[Setting, ...], theirs: list[Any], mask: Any, result: Comparison) -> None:
    """Lists whose order and repetitions do not count: each of ours finds one of theirs, and none is left over."""
    left = set(range(len(theirs)))
    for at, item in enumerate(ours):
        best: Comparison | None = None
        for candidate in range(len(theirs)):
            tried = Comparison()
            _leaf(f"{path}[{at}]", item, theirs[candidate], _masked(mask, candidate), tried)
            if not tried.contradicted and (best is None or (candidate in left and not tried.unknown)):
                best = tried
                if candidate in left:
                    left.discard(candidate)
                    break
        if best is None:
            _contradict(f"{path}[{at}]", plain(item), theirs, result)
        else:
            result.add(best)
    if left and not any(not isinstance(item, Known) for item in ours):
        _contradict(path, f"{len(ours)} elements", f"{len(theirs)} elements", result)


def _map(path: str, ours: Mapping[str, Setting], theirs: Any, mask: Any, result: Comparison) -> None:
    if isinstance(theirs, list) and len(theirs) == 1:
        theirs, mask = theirs[0], _masked(mask, 0)
    if not isinstance(theirs, Mapping):
        if ours or theirs:
            _contradict(path, dict(ours), theirs, result)
        return
    for key, value in ours.items():
        _leaf(f"{path}.{key}", value, theirs.get(key), _masked(mask, key), result)
    if not isinstance(ours, Created):
        for key in theirs.keys() - ours.keys():
            if theirs[key] is not None:
                _contradict(f"{path}.{key}", None, theirs[key], result)


def _json(text: object) -> Any:
    if isinstance(text, str) and text.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(text)
        except ValueError:
            return None
    return None


def _text(path: str, ours: Setting, theirs: object, result: Comparison) -> None:
    """Texts that are JSON, by what they say."""
    wanted = _json(theirs)
    if wanted is None:
        structure = _structure(ours)
        same = isinstance(ours, Known) and ours.it == theirs
        if same or (theirs in (None, "") and structure in ({}, [], "{}", "[]")):
            _agree(result)
        else:
            _contradict(path, plain(ours), theirs, result)
        return
    assert isinstance(ours, Known)
    it: object = ours.it
    if isinstance(it, str) and not isinstance(it, JsonText):
        read = _json(it)
        if read is None:
            _contradict(path, it, theirs, result)
        elif read == wanted:
            _agree(result)
        else:
            _contradict(path, read, wanted, result)
        return
    value: Setting = it.structure if isinstance(it, JsonText) else ours
    _json_value(path, value, wanted, result)


def _structure(value: Setting) -> object:
    it: object = value.it if isinstance(value, Known) else None
    return plain(it.structure) if isinstance(it, JsonText) else plain(value)


def _json_value(path: str, ours: Setting, theirs: object, result: Comparison) -> None:
    """Structured JSON, exactly: here types and absent keys count."""
    if not isinstance(ours, Known):
        _leaf(path, ours, theirs, False, result)  # noqa: FBT003 - a mask
        return
    it: object = ours.it
    if isinstance(it, JsonText) and not isinstance(theirs, str):
        _json_value(path, it.structure, theirs, result)
    elif isinstance(it, JsonObject | JsonArray) and isinstance(theirs, str):
        _text(path, ours, theirs, result)
    elif isinstance(it, Mapping) and isinstance(theirs, dict):
        if it.keys() != theirs.keys():
            _contradict(path, sorted(it), sorted(theirs), result)
            return
        for key, value in it.items():
            _json_value(f"{path}.{key}", value, theirs[key], result)
    elif isinstance(it, tuple) and isinstance(theirs, list) and len(it) == len(theirs):
        for at, item in enumerate(it):
            _json_value(f"{path}[{at}]", item, theirs[at], result)
        if not it:
            _agree(result)
    elif isinstance(it, str | int | float | bool | None) and it == theirs and type(it) is type(theirs):
        _agree(result)
    elif isinstance(it, tuple | Mapping) or not _same_number(it, theirs):
        _contradict(path, plain(ours), theirs, result)
    else:
        _agree(result)


def _same_number(ours: object, theirs: object) -> bool:
    if isinstance(ours, bool | str | None) or isinstance(theirs, bool | str | None):
        return False
    return float(str(ours)) == float(str(theirs))


# The command.


def load(root: str, project: str, variables: Mapping[str, str]) -> Deployment:
    """What we make of a root module."""
    return terraform.load(root, variables=variables, variable_files=(), workspace="default", project=project)


def _project(root: str, top: str) -> str:
    """The directory that has to be copied for a root: its own where roots are examples, else all of them."""
    if is_file(os.path.join(os.path.dirname(top), "tf_trivy.jsonl")):
        return root
    return top


def main(arguments: Sequence[str]) -> int:
    """Plan, compare, and print the figures; ends with 1 when something contradicts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directories", nargs="+")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "partywall-oracle")
    parser.add_argument("--limit", type=int, help="only so many roots, chosen by a fixed seed")
    parser.add_argument("--show", type=int, default=40, help="how many contradictions and unknowns to print")
    parser.add_argument("--modules", action="store_true", help="called modules too, as if they were roots")
    parser.add_argument("--together", type=int, metavar="N", help="plan so many roots at once, as modules of one")
    parser.add_argument("--cached", action="store_true", help="only roots whose plan is in the cache")
    parser.add_argument("--match", default="", help="only roots whose path holds this text")
    options = parser.parse_args(arguments)
    found = directories if options.modules else terraform.roots
    roots = [(root, top) for top in options.directories for root in found(top) if options.match in root]
    if options.limit is not None:
        roots = sorted(random.Random(1).sample(roots, min(options.limit, len(roots))))  # noqa: S311 - a sample
    with tempfile.TemporaryDirectory() as work:
        planner = Planner(Path(work), options.cache)
        if options.cached:
            roots = [(root, top) for root, top in roots if planner.kept(root).exists()]
        total, outcomes = _grouped(planner, roots, options.together) if options.together else _all(planner, roots)
    for title, lines in (("contradicted", total.contradicted), ("unknown", total.unknown)):
        print(f"\n{title}: {len(lines)}")
        print("\n".join(f"  {line[:400]}" for line in lines[: options.show]))
    print(f"\nroots tried: {len(roots)}")
    for reason, count in outcomes.most_common():
        print(f"  {reason}: {count}")
    share = 100 * total.known / (total.compared - len(total.read) or 1)
    print(
        f"resources {total.resources}, attributes compared {total.compared}, equal {total.known}, "
        f"unknown {len(total.unknown)}, read from AWS {len(total.read)}, contradicted {len(total.contradicted)}, "
        f"known before the plan {total.beyond}; {share:.2f} % known of what needs no AWS"
    )
    return 1 if total.contradicted else 0


def _all(planner: Planner, roots: Sequence[tuple[str, str]]) -> tuple[Comparison, Counter[str]]:
    total, outcomes = Comparison(), Counter[str]()
    for number, (root, top) in enumerate(roots, 1):
        variables = sample_values(root)
        if variables is None:
            outcomes["needs variables"] += 1
            continue
        project = _project(root, top)
        copy, copied_project = planner.copied(root, project)
        made = planner.plan(copy, root, variables)
        if isinstance(made, str):
            outcomes[reason(made)] += 1
        else:
            outcomes["planned"] += 1
            one = compare(made, load(copy, copied_project, variables))
            for lines in (one.contradicted, one.unknown, one.read):
                lines[:] = [f"{os.path.relpath(root, top)}: {line}" for line in lines]
            total.add(one)
        print(f"\r{number}/{len(roots)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return total, outcomes


def _grouped(planner: Planner, roots: Sequence[tuple[str, str]], size: int) -> tuple[Comparison, Counter[str]]:
    total, outcomes = Comparison(), Counter[str]()
    fitting = []
    for root, _ in roots:
        obstacle = _obstacle(root)
        if obstacle:
            outcomes[obstacle] += 1
        else:
            fitting.append(root)
    for start in range(0, len(fitting), size):
        group = fitting[start : start + size]
        refused, made, top = planner.together(group)
        outcomes.update(reason(text) for text in refused.values())
        outcomes["planned"] += len(group) - len(refused)
        total.add(compare(made, load(top, top, {})))
        print(f"\r{start + len(group)}/{len(fitting)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return total, outcomes


def _obstacle(root: str) -> str | None:
    """Why a root cannot be a module among others."""
    configuration = read_module(root)
    if sample_values(root) is None:
        return "needs variables"
    if any(name.endswith((".tfvars", ".tfvars.json", ".tf.json")) for name in os.listdir(root)):
        return "left out: has values or JSON of its own"
    if any(not kind.startswith("aws_") for _, kind, _ in configuration.resources):
        return "needs another provider"
    if any(block.labels != ("aws",) for block in configuration.providers):
        return "needs another provider"
    return "needs a module that is not on disk" if configuration.modules else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
