"""Functions over files. Nothing outside the project is read, and what is missing is unknown: it may be generated."""

from __future__ import annotations

import os
import posixpath
import re

from partywall import source
from partywall.source import Source, UnreadableError
from partywall.terraform.function_encoding import digest
from partywall.terraform.function_table import Call, FunctionError, NotKnown, Place, function
from partywall.text.structured import PlacedText

MAX_MATCHES = 10_000


def read_file(path: str, place: Place) -> str:
    """The text of a file of the project; raises NotKnown for everything else."""
    found = os.path.join(place.directory, path)
    if not source.inside(found, place.project):
        raise NotKnown(f"{path} lies outside the project")
    if not source.is_file(found):
        raise NotKnown(f"{path} does not exist yet")
    try:
        return source.read(found).text
    except UnreadableError as error:
        raise NotKnown(f"{path} {error}") from error


@function("file", 1)
def file(call: Call) -> object:
    """The text of a file, which knows where it is written."""
    path = call.text(0)
    text = read_file(path, call.place)
    return PlacedText.read(text, Source(source.display(os.path.join(call.place.directory, path)), text), 0, len(text))


@function("fileexists", 1)
def fileexists(call: Call) -> object:
    """Whether a file is there; a missing one may be generated."""
    read_file(call.text(0), call.place)
    return True


@function("filebase64", 1)
def filebase64(call: Call) -> object:
    """A file as base64; known for text."""
    import base64

    return base64.b64encode(read_file(call.text(0), call.place).encode()).decode()


def _digest(call: Call, name: str, *, base64_: bool = False) -> object:
    return digest(name, read_file(call.text(0), call.place).encode(), base64_=base64_)


@function("filemd5", 1)
def filemd5(call: Call) -> object:
    """A digest of a file."""
    return _digest(call, "md5")


@function("filesha1", 1)
def filesha1(call: Call) -> object:
    """A digest of a file."""
    return _digest(call, "sha1")


@function("filesha256", 1)
def filesha256(call: Call) -> object:
    """A digest of a file."""
    return _digest(call, "sha256")


@function("filesha512", 1)
def filesha512(call: Call) -> object:
    """A digest of a file."""
    return _digest(call, "sha512")


@function("filebase64sha256", 1)
def filebase64sha256(call: Call) -> object:
    """A digest of a file in base64."""
    return _digest(call, "sha256", base64_=True)


@function("filebase64sha512", 1)
def filebase64sha512(call: Call) -> object:
    """A digest of a file in base64."""
    return _digest(call, "sha512", base64_=True)


@function("basename", 1)
def basename(call: Call) -> object:
    """The last part of a path."""
    return posixpath.basename(call.text(0).rstrip("/")) or ("." if not call.text(0) else "/")


@function("dirname", 1)
def dirname(call: Call) -> object:
    """All but the last part of a path."""
    return posixpath.normpath(posixpath.dirname(call.text(0)) or ".")


@function("fileset", 2)
def fileset(call: Call) -> object:
    """The files below a directory whose paths match a pattern."""
    from partywall.terraform.conversion import set_of
    from partywall.value import Known

    top = os.path.join(call.place.directory, call.text(0))
    pattern = _glob(posixpath.normpath(call.text(1)))
    if not source.inside(top, call.place.project):
        raise NotKnown(f"{call.text(0)} lies outside the project")
    found: list[str] = []
    pending = [""]
    while pending:
        below = pending.pop()
        for name in source.listing(os.path.join(top, below)):
            relative = posixpath.join(below, name)
            path = os.path.join(top, relative)
            if source.is_directory(path):
                if not os.path.islink(path):
                    pending.append(relative)
            elif pattern.fullmatch(relative):
                found.append(relative)
            if len(found) > MAX_MATCHES:
                raise NotKnown(f"more than {MAX_MATCHES} files match")
    return set_of(Known(path, call.span) for path in found)


def _glob(pattern: str) -> re.Pattern[str]:
    out, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        if pattern.startswith("**/", at):
            out, at = out + "(?:[^/]+/)*", at + 3
            continue
        if pattern.startswith("**", at):
            out, at = out + ".*", at + 2
            continue
        end = pattern.find("}", at)
        if char == "*":
            out += "[^/]*"
        elif char == "?":
            out += "[^/]"
        elif char == "{" and end > 0:
            choices = (_glob(one).pattern for one in pattern[at + 1 : end].split(","))
            out, at = f"{out}(?:{'|'.join(choices)})", end
        elif char == "[" and "]" in pattern[at + 1 :]:
            close = pattern.index("]", at + 1)
            out, at = out + "[" + pattern[at + 1 : close].replace("!", "^", 1) + "]", close
        else:
            out += re.escape(char)
        at += 1
    try:
        return re.compile(out)
    except re.error as error:
        raise FunctionError("the pattern is malformed") from error
