"""Functions over points in time (RFC 3339); the clock itself is unknown."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from partywall.terraform.function_table import Call, FunctionError, function

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_UNIT = {
    "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9,
}  # fmt: skip


def _moment(text: str) -> datetime:
    if not _STAMP.fullmatch(text):
        raise FunctionError(f"{text!r} is no timestamp")
    try:
        return datetime.fromisoformat(re.sub(r"\.(\d{6})\d+", r".\1", text))
    except ValueError as error:
        raise FunctionError(f"{text!r} is no timestamp") from error


def _duration(text: str) -> timedelta:
    match = re.fullmatch(r"([+-]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+|0)", text)
    if match is None:
        raise FunctionError(f"{text!r} is no duration")
    found = re.findall(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)", match[2])
    try:
        made = timedelta(seconds=sum(float(number) * _UNIT[unit] for number, unit in found))
    except OverflowError as error:
        raise FunctionError("the duration is too long") from error
    return -made if match[1] == "-" else made


def _shown(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@function("timeadd", "string", "string", returns="string")
def timeadd(call: Call) -> object:
    """A moment some time later."""
    try:
        return _shown(_moment(call.text(0)) + _duration(call.text(1)))
    except OverflowError as error:
        raise FunctionError("the moment is out of range") from error


@function("timecmp", "string", "string", returns="number")
def timecmp(call: Call) -> object:
    """-1, 0 or 1, as one moment is before, at or after another."""
    one, other = _moment(call.text(0)), _moment(call.text(1))
    return (one > other) - (one < other)


_LETTERS = re.compile(r"''|'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'")
_FORMATS = {
    "YYYY": "%Y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "DD": "%d", "EEEE": "%A", "EEE": "%a", "HH": "%I",
    "hh": "%H", "mm": "%M", "ss": "%S", "AA": "%p",
}  # fmt: skip


@function("formatdate", "string", "string", returns="string")
def formatdate(call: Call) -> object:
    """A moment by a pattern of letters."""
    moment = _moment(call.text(1))
    out = []
    for match in _LETTERS.finditer(call.text(0)):
        word = match[0]
        if word == "''":
            out.append("'")
        elif word == "'":
            raise FunctionError("a quote has no end")
        elif word.startswith("'"):
            out.append(word[1:-1].replace("''", "'"))
        elif not match[1]:
            out.append(word)
        else:
            out.append(_letters(word, moment))
    return "".join(out)


def _letters(word: str, moment: datetime) -> str:
    if word in _FORMATS:
        return moment.strftime(_FORMATS[word])
    single = {
        "M": moment.month, "D": moment.day, "h": moment.hour, "H": (moment.hour % 12) or 12, "m": moment.minute,
        "s": moment.second,
    }.get(word)  # fmt: skip
    if single is not None:
        return str(single)
    if word == "aa":
        return moment.strftime("%p").lower()
    offset = moment.strftime("%z")
    if word == "Z":
        return "Z" if moment.utcoffset() == timedelta(0) else f"{offset[:3]}:{offset[3:]}"
    if word == "ZZZ":
        return "UTC" if moment.utcoffset() == timedelta(0) else offset
    if word in {"ZZZZ", "ZZZZZ"}:
        return offset if word == "ZZZZ" else f"{offset[:3]}:{offset[3:]}"
    raise FunctionError(f"{word} is no part of a date")
