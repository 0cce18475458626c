"""Functions over files. Nothing outside the project is read, and what is missing is unknown: it may be generated."""

from __future__ import annotations

import base64
import os
import posixpath
import re

from partywall import source
from partywall.source import Source, UnreadableError
from partywall.terraform.function_encoding import digest
from partywall.terraform.function_table import Call, FunctionError, NotKnown, Place, function
from partywall.text.structured import PlacedText
from partywall.value import Unknown

MAX_MATCHES = 10_000


def _found(path: str, place: Place) -> str:
    """Where a file of the project is; raises NotKnown for one that is missing or lies outside."""
    if not path:
        raise FunctionError("the path is empty")
    if "\0" in path:
        raise FunctionError("the path has a character that no path has")
    found = os.path.join(place.directory, path)
    if not source.inside(found, place.project):
        raise NotKnown(f"{path} lies outside the project")
    if source.is_directory(found):
        raise FunctionError(f"{path} is a directory")
    if not source.is_file(found):
        raise NotKnown(f"{path} does not exist yet")
    return found


def _data(path: str, place: Place) -> bytes:
    """The content of a file of the project; raises NotKnown for everything else."""
    try:
        return source.read_bytes(_found(path, place))
    except UnreadableError as error:
        raise NotKnown(f"{path} {error}") from error


@function("file", "string", returns="string")
def file(call: Call) -> object:
    """The text of a file, which knows where it is written."""
    path = call.text(0)
    try:
        text = _data(path, call.place).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FunctionError(f"{path} is not UTF-8 text (byte {error.start}): use filebase64") from error
    written = Source(source.display(os.path.join(call.place.directory, path)), text)
    return PlacedText.read(text, written, 0, len(text))


@function("fileexists", "string", returns="bool")
def fileexists(call: Call) -> object:
    """Whether a file is there; a missing one may be generated."""
    _found(call.text(0), call.place)
    return True


@function("filebase64", "string", returns="string")
def filebase64(call: Call) -> object:
    """A file as base64."""
    return base64.b64encode(_data(call.text(0), call.place)).decode()


def _digest(call: Call, name: str, *, base64_: bool = False) -> object:
    return digest(name, _data(call.text(0), call.place), base64_=base64_)


@function("filemd5", "string", returns="string")
def filemd5(call: Call) -> object:
    """A digest of a file."""
    return _digest(call, "md5")


@function("filesha1", "string", returns="string")
def filesha1(call: Call) -> object:
    """A digest of a file."""
    return _digest(call, "sha1")


@function("filesha256", "string", returns="string")
def filesha256(call: Call) -> object:
    """A digest of a file."""
    return _digest(call, "sha256")


@function("filesha512", "string", returns="string")
def filesha512(call: Call) -> object:
    """A digest of a file."""
    return _digest(call, "sha512")


@function("filebase64sha256", "string", returns="string")
def filebase64sha256(call: Call) -> object:
    """A digest of a file in base64."""
    return _digest(call, "sha256", base64_=True)


@function("filebase64sha512", "string", returns="string")
def filebase64sha512(call: Call) -> object:
    """A digest of a file in base64."""
    return _digest(call, "sha512", base64_=True)


@function("pathexpand", "string", returns="string")
def pathexpand(call: Call) -> object:
    """A path whose `~` stands for the home directory, which differs from machine to machine."""
    path = call.text(0)
    if path.startswith("~"):
        raise NotKnown("the home directory is the machine's")
    return path


@function("abspath", "string", returns="string")
def abspath(call: Call) -> object:
    """A path from the root of the file system, known where it is written so."""
    path = call.text(0)
    if not path.startswith("/"):
        raise NotKnown("where the directory lies is the machine's")
    return posixpath.normpath(path)


@function("basename", "string", returns="string")
def basename(call: Call) -> object:
    """The last part of a path, of which no more has to be known."""
    value = call.value(0)
    end = value.parts[-1] if isinstance(value, Unknown) and value.parts else None
    if end is not None and "/" in end.rstrip("/"):
        return posixpath.basename(end.rstrip("/"))
    return posixpath.basename(call.text(0).rstrip("/")) or ("." if not call.text(0) else "/")


@function("dirname", "string", returns="string")
def dirname(call: Call) -> object:
    """All but the last part of a path."""
    return posixpath.normpath(posixpath.dirname(call.text(0)) or ".")


@function("fileset", "string", "string", returns="set(string)")
def fileset(call: Call) -> object:
    """The files below a directory whose paths match a pattern."""
    from partywall.terraform.conversion import set_of
    from partywall.value import Known

    if "\0" in call.text(0):
        raise FunctionError("the path has a character that no path has")
    top = os.path.join(call.place.directory, call.text(0))
    pattern = _glob(posixpath.normpath(call.text(1)))
    if not source.inside(top, call.place.project):
        raise NotKnown(f"{call.text(0)} lies outside the project")
    found: list[str] = []
    pending = [""]
    seen = 0
    while pending:
        below = pending.pop()
        seen += 1
        if seen > MAX_MATCHES:
            raise NotKnown(f"more than {MAX_MATCHES} directories would be searched")
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
    """A pattern of paths: `*`, `**`, `?`, `[a-z]`, `{a,b}`, and backslashes before what is meant literally."""
    try:
        return re.compile(_translated(pattern))
    except re.error as error:
        raise FunctionError("the pattern is malformed") from error


def _translated(pattern: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if pattern.startswith("**/", at):
            out.append("(?:[^/]+/)*")
            at += 3
            continue
        if pattern.startswith("**", at):
            out.append(".*")
            at += 2
            continue
        if char == "*":
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif char in "{[":
            close = pattern.find("}" if char == "{" else "]", at + 2)
            if close < 0:
                raise FunctionError(f"the pattern has a {char} without end")
            inner = pattern[at + 1 : close]
            if char == "{":
                out.append(f"(?:{'|'.join(_translated(one) for one in inner.split(','))})")
            else:
                escaped = inner.replace("\\", "\\\\").replace("[", "\\[")
                out.append(f"[{escaped}]")
            at = close
        elif char == "\\":
            at += 1
            if at == len(pattern):
                raise FunctionError("the pattern ends with a backslash")
            out.append(re.escape(pattern[at]))
        else:
            out.append(re.escape(char))
        at += 1
    return "".join(out)
