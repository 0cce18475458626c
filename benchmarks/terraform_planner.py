"""Plans root modules with the real terraform, offline."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from partywall.source import read
from partywall.terraform.files import Configuration, directories, read_module
from partywall.terraform.reader import read_body
from partywall.terraform.syntax import Block

OVERRIDE = "partywall_oracle_override.tf"
ACCOUNT = "123456789012"
ZONES = ("a", "b", "c")


def binary() -> str | None:
    """The path of `terraform`; None where it or an unpacked AWS provider is missing."""
    return shutil.which("terraform") if provider() is not None else None


def provider() -> Path | None:
    """The folder that holds the AWS provider's program."""
    mirrors = [
        Path(os.environ.get("TF_PLUGIN_MIRROR", "")),
        Path(os.environ.get("TF_PLUGIN_CACHE_DIR", "")),
        *(Path.home() / ".terraform.d" / name for name in ("plugins", "plugin-cache")),
        Path("/usr/local/share/terraform/plugins"),
        *sorted(Path("/opt").glob("*")),
    ]
    for mirror in mirrors:
        found = sorted(mirror.glob("registry.terraform.io/hashicorp/aws/*/*/terraform-provider-aws*"))
        if found:
            return found[-1].parent.absolute()
    return None


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
