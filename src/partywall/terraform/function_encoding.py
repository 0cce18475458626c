"""Functions that encode, decode and digest: JSON, CSV, base64, URLs, hashes."""

from __future__ import annotations

import base64
import binascii
import csv
import gzip
import hashlib
import io
import json
import re
import urllib.parse
import uuid
import zlib
from collections.abc import Mapping

from partywall.terraform import conversion
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function, plain, setting
from partywall.terraform.static_type import STRING, ListOf, Type
from partywall.text.structured import JsonArray, JsonObject, JsonText
from partywall.value import Known, Setting, Unknown

MAX_UNPACKED = 4 * 1024 * 1024
_TO_ESCAPE = re.compile("[<>&\u2028\u2029]")
_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def json_text(it: object) -> str:
    """JSON as Terraform writes it: sorted keys, no spaces, and the five characters that could end a script escaped."""
    if isinstance(it, Mapping):
        return "{" + ",".join(f"{json_text(str(key))}:{json_text(it[key])}" for key in sorted(it)) + "}"
    if isinstance(it, list):
        return f"[{','.join(map(json_text, it))}]"
    if isinstance(it, str):
        text = json.dumps(it, ensure_ascii=False)
        return _TO_ESCAPE.sub(lambda match: _HTML[match[0]], text)
    return "null" if it is None else conversion.text_of(it)


@function("jsonencode", "any?", returns="string")
def jsonencode(call: Call) -> object:
    """JSON text that keeps its structure; with unknown leaves the structure itself stands for the text."""
    value = call.value(0)
    try:
        return Known(JsonText.of(json_text(plain(value)), value), call.span)
    except NotKnown:
        return unfinished(value)


def unfinished(value: Setting) -> Setting:
    """The structure that stands for a text with unknown parts; raises NotKnown where there is none."""
    if isinstance(value, Known) and isinstance(value.it, Mapping):
        return Known(JsonObject(value.it), value.span, value.references, value.origin)
    if isinstance(value, Known) and isinstance(value.it, tuple):
        return Known(JsonArray(value.it), value.span, value.references, value.origin)
    raise NotKnown(value.why if isinstance(value, Unknown) else "it depends on a condition")


_JSON_START = re.compile(r"\s*(?:\Z|[\[{\"0-9.-]|t(?:r|\Z)|f(?:a|\Z)|n(?:u|\Z))")


@function("jsondecode", "string")
def jsondecode(call: Call) -> object:
    """The value that JSON text spells."""
    value = call.value(0)
    if isinstance(value, Unknown) and value.parts and not _JSON_START.match(value.parts[0] or ""):
        raise FunctionError("the text is not JSON")
    it = call.given(0)
    if isinstance(it, JsonText) and not it.endswith("\n"):  # YAML ends with a new line.
        return it.structure
    if isinstance(it, Mapping | tuple):
        return call.value(0)
    try:
        return json.loads(call.text(0), parse_float=conversion.number_from)
    except (ValueError, RecursionError) as error:
        raise FunctionError("the text is not JSON") from error


_QUOTED_FIELD = re.compile(r'(?:(?<=[,\n])|\A)"[^"]*(?:""[^"]*)*"')


@function("csvdecode", "string")
def csvdecode(call: Call) -> object:
    """Rows under the names of the first one."""
    text = call.text(0)
    if '"' in _QUOTED_FIELD.sub("", text):
        raise FunctionError("a quote stands inside a field that is not quoted")
    try:
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
    except csv.Error as error:
        raise FunctionError(f"the text is not CSV: {error}") from error
    if not rows:
        raise FunctionError("the text has no header")
    header, *rest = rows
    if len(set(header)) < len(header):
        raise FunctionError("a name stands twice in the header")
    if any(len(row) != len(header) for row in rest):
        raise FunctionError("a row has another number of fields than the header")
    made = ListOf([setting(dict(zip(header, row, strict=True)), call.span) for row in rest])
    made.element = Type("object", attributes=dict.fromkeys(header, STRING))
    return made


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise FunctionError("the text is not base64") from error


@function("base64encode", "string", returns="string")
def base64encode(call: Call) -> object:
    """Text as base64."""
    return base64.b64encode(call.text(0).encode()).decode()


@function("base64decode", "string", returns="string")
def base64decode(call: Call) -> object:
    """Text from base64."""
    try:
        return _bytes(call.text(0)).decode()
    except UnicodeDecodeError as error:
        raise FunctionError("the content is not UTF-8 text") from error


@function("base64gzip", "string", returns="string")
def base64gzip(call: Call) -> object:
    """The very bytes depend on the compressor."""
    call.text(0)
    raise NotKnown("compressed bytes differ between versions")


@function("base64gunzip", "string", returns="string")
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


@function("textencodebase64", "string", "string", returns="string")
def textencodebase64(call: Call) -> object:
    """Text in an encoding as base64."""
    try:
        return base64.b64encode(call.text(0).encode(call.text(1))).decode()
    except (LookupError, ValueError) as error:
        raise FunctionError("the text cannot be encoded so") from error


@function("textdecodebase64", "string", "string", returns="string")
def textdecodebase64(call: Call) -> object:
    """Text from base64 in an encoding."""
    try:
        return _bytes(call.text(0)).decode(call.text(1))
    except (LookupError, ValueError) as error:
        raise FunctionError("the text cannot be decoded so") from error


@function("urlencode", "string", returns="string")
def urlencode(call: Call) -> object:
    """Text as a part of a URL's query."""
    return urllib.parse.quote_plus(call.text(0), safe="-_.~")


@function("urldecode", "string", returns="string")
def urldecode(call: Call) -> object:
    """A part of a URL's query as text."""
    text = call.text(0)
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise FunctionError("a % is not followed by two hexadecimal digits")
    return urllib.parse.unquote_plus(text)


def digest(name: str, data: bytes, *, base64_: bool = False) -> str:
    """A digest in hexadecimal or base64."""
    made = hashlib.new(name, data, usedforsecurity=False)
    return base64.b64encode(made.digest()).decode() if base64_ else made.hexdigest()


@function("md5", "string", returns="string")
def md5(call: Call) -> object:
    """A digest."""
    return digest("md5", call.text(0).encode())


@function("sha1", "string", returns="string")
def sha1(call: Call) -> object:
    """A digest."""
    return digest("sha1", call.text(0).encode())


@function("sha256", "string", returns="string")
def sha256(call: Call) -> object:
    """A digest."""
    return digest("sha256", call.text(0).encode())


@function("sha512", "string", returns="string")
def sha512(call: Call) -> object:
    """A digest."""
    return digest("sha512", call.text(0).encode())


@function("base64sha256", "string", returns="string")
def base64sha256(call: Call) -> object:
    """A digest in base64."""
    return digest("sha256", call.text(0).encode(), base64_=True)


@function("base64sha512", "string", returns="string")
def base64sha512(call: Call) -> object:
    """A digest in base64."""
    return digest("sha512", call.text(0).encode(), base64_=True)


_SPACES = {
    "dns": uuid.NAMESPACE_DNS, "url": uuid.NAMESPACE_URL, "oid": uuid.NAMESPACE_OID, "x500": uuid.NAMESPACE_X500,
}  # fmt: skip


@function("uuidv5", "string", "string", returns="string")
def uuidv5(call: Call) -> object:
    """An identifier made from a name (RFC 9562)."""
    space = call.text(0)
    try:
        return str(uuid.uuid5(_SPACES.get(space) or uuid.UUID(space), call.text(1)))
    except ValueError as error:
        raise FunctionError("the namespace is no UUID") from error
