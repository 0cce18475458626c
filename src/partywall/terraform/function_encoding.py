"""Functions that encode, decode and digest: JSON, YAML, CSV, base64, URLs, hashes."""

from __future__ import annotations

import base64
import binascii
import csv
import gzip
import hashlib
import io
import json
import urllib.parse
import uuid
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from partywall.terraform import conversion
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function, plain
from partywall.text.structured import JsonArray, JsonObject, JsonText
from partywall.value import Known, Setting, Unknown

MAX_UNPACKED = 4 * 1024 * 1024
_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def json_text(it: object) -> str:
    """JSON as Terraform writes it: sorted keys, no spaces, and the five characters that could end a script escaped."""
    text = json.dumps(_numbers(it), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for char, escape in _HTML.items():
        text = text.replace(char, escape)
    return text


def _numbers(it: object) -> object:
    if isinstance(it, list):
        return [_numbers(item) for item in it]
    if isinstance(it, Mapping):
        return {key: _numbers(item) for key, item in it.items()}
    return float(it) if isinstance(it, Decimal) else it


@function("jsonencode", 1)
def jsonencode(call: Call) -> object:
    """JSON text that keeps its structure; with unknown leaves the structure itself stands for the text."""
    value = call.value(0)
    try:
        return Known(JsonText.of(json_text(plain(value)), value), call.span)
    except NotKnown:
        return _unfinished(value)


def _unfinished(value: Setting) -> Setting:
    """The structure that stands for a text with unknown parts; raises NotKnown where there is none."""
    if isinstance(value, Known) and isinstance(value.it, Mapping):
        return Known(JsonObject(value.it), value.span, value.references, value.origin)
    if isinstance(value, Known) and isinstance(value.it, tuple):
        return Known(JsonArray(value.it), value.span, value.references, value.origin)
    raise NotKnown(value.why if isinstance(value, Unknown) else "it depends on a condition")


@function("jsondecode", 1)
def jsondecode(call: Call) -> object:
    """The value that JSON text spells."""
    it = call.given(0)
    if isinstance(it, JsonText):
        return it.structure
    if isinstance(it, Mapping | tuple):
        return call.value(0)
    try:
        return json.loads(call.text(0), parse_float=conversion.number_from)
    except (ValueError, RecursionError) as error:
        raise FunctionError("the text is not JSON") from error


@function("yamlencode", 1)
def yamlencode(call: Call) -> object:
    """YAML text; with unknown leaves the structure itself stands for the text."""
    import yaml

    value = call.value(0)
    try:
        it = plain(value)
    except NotKnown:
        return _unfinished(value)

    class Quoting(yaml.SafeDumper):
        """Texts and keys in double quotes, lists set in, as Terraform writes them."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002
            return super().increase_indent(flow=flow, indentless=False)

    def text(dumper: Any, data: str) -> Any:
        style = "|" if "\n" in data else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    Quoting.add_representer(str, text)
    made = yaml.dump(
        _numbers(it), Dumper=Quoting, sort_keys=True, default_flow_style=False, allow_unicode=True, width=10**9
    )
    return Known(JsonText.of(made.removesuffix("...\n"), value), call.span)


@function("yamldecode", 1)
def yamldecode(call: Call) -> object:
    """The value that one YAML document spells."""
    import datetime

    import yaml

    it = call.given(0)
    if isinstance(it, JsonText):
        return it.structure
    if isinstance(it, Mapping | tuple):
        return call.value(0)

    class Loader(yaml.SafeLoader):
        """Core types only: dates stay text."""

    Loader.yaml_implicit_resolvers = {
        key: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        read = yaml.load(call.text(0), Loader=Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FunctionError("the text is not YAML") from error

    def shape(it: object) -> object:
        if isinstance(it, dict):
            return {str(key): shape(item) for key, item in it.items()}
        if isinstance(it, list):
            return [shape(item) for item in it]
        return it.isoformat() if isinstance(it, datetime.date) else it

    return shape(read)


@function("csvdecode", 1)
def csvdecode(call: Call) -> object:
    """Rows under the names of the first one."""
    rows = list(csv.reader(io.StringIO(call.text(0))))
    if not rows:
        raise FunctionError("the text has no header")
    header, *rest = rows
    if any(len(row) != len(header) for row in rest if row):
        raise FunctionError("a row has another number of fields than the header")
    return [dict(zip(header, row, strict=True)) for row in rest if row]


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise FunctionError("the text is not base64") from error


@function("base64encode", 1)
def base64encode(call: Call) -> object:
    """Text as base64."""
    return base64.b64encode(call.text(0).encode()).decode()


@function("base64decode", 1)
def base64decode(call: Call) -> object:
    """Text from base64."""
    try:
        return _bytes(call.text(0)).decode()
    except UnicodeDecodeError as error:
        raise FunctionError("the content is not UTF-8 text") from error


@function("base64gzip", 1)
def base64gzip(call: Call) -> object:
    """The very bytes depend on the compressor."""
    call.text(0)
    raise NotKnown("compressed bytes differ between versions")


@function("base64gunzip", 1)
def base64gunzip(call: Call) -> object:
    """Compressed text unpacked."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(_bytes(call.text(0)))) as packed:
            data = packed.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FunctionError("the content is not compressed") from error
    if len(data) > MAX_UNPACKED:
        raise NotKnown("the content is beyond 4 MiB")
    return data.decode("utf-8", "replace")


@function("textencodebase64", 2)
def textencodebase64(call: Call) -> object:
    """Text in an encoding as base64."""
    try:
        return base64.b64encode(call.text(0).encode(call.text(1))).decode()
    except (LookupError, UnicodeError) as error:
        raise FunctionError("the text cannot be encoded so") from error


@function("textdecodebase64", 2)
def textdecodebase64(call: Call) -> object:
    """Text from base64 in an encoding."""
    try:
        return _bytes(call.text(0)).decode(call.text(1))
    except (LookupError, UnicodeError) as error:
        raise FunctionError("the text cannot be decoded so") from error


@function("urlencode", 1)
def urlencode(call: Call) -> object:
    """Text as a part of a URL's query."""
    return urllib.parse.quote_plus(call.text(0), safe="-_.~")


@function("urldecode", 1)
def urldecode(call: Call) -> object:
    """A part of a URL's query as text."""
    return urllib.parse.unquote_plus(call.text(0))


def digest(name: str, data: bytes, *, base64_: bool = False) -> str:
    """A digest in hexadecimal or base64."""
    made = hashlib.new(name, data, usedforsecurity=False)
    return base64.b64encode(made.digest()).decode() if base64_ else made.hexdigest()


@function("md5", 1)
def md5(call: Call) -> object:
    """A digest."""
    return digest("md5", call.text(0).encode())


@function("sha1", 1)
def sha1(call: Call) -> object:
    """A digest."""
    return digest("sha1", call.text(0).encode())


@function("sha256", 1)
def sha256(call: Call) -> object:
    """A digest."""
    return digest("sha256", call.text(0).encode())


@function("sha512", 1)
def sha512(call: Call) -> object:
    """A digest."""
    return digest("sha512", call.text(0).encode())


@function("base64sha256", 1)
def base64sha256(call: Call) -> object:
    """A digest in base64."""
    return digest("sha256", call.text(0).encode(), base64_=True)


@function("base64sha512", 1)
def base64sha512(call: Call) -> object:
    """A digest in base64."""
    return digest("sha512", call.text(0).encode(), base64_=True)


_SPACES = {
    "dns": uuid.NAMESPACE_DNS, "url": uuid.NAMESPACE_URL, "oid": uuid.NAMESPACE_OID, "x500": uuid.NAMESPACE_X500,
}  # fmt: skip


@function("uuidv5", 2)
def uuidv5(call: Call) -> object:
    """An identifier made from a name (RFC 9562)."""
    space = call.text(0)
    try:
        return str(uuid.uuid5(_SPACES.get(space) or uuid.UUID(space), call.text(1)))
    except ValueError as error:
        raise FunctionError("the namespace is no UUID") from error
