"""Functions over regular expressions in RE2's syntax, within a bound on the work that a pattern can make.

RE2 answers in linear time; Python's engine can take forever. What could is refused: a repetition of something that
itself repeats or branches, and many repetitions over a long text.
"""

from __future__ import annotations

import re

from partywall.terraform.function_table import Call, FunctionError, NotKnown, function
from partywall.terraform.replacement import replaced
from partywall.value import Known

MAX_TEXT = 4 * 1024 * 1024
MAX_MATCHES = 100_000
MAX_WORK = 10_000_000
MAX_RISK = 20
"""The length of a text on which a pattern may be tried that could take two steps for each one before."""

_REFUSED = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]|\\k|\(\?P=")
_LIMITS = ("bad escape", "unknown extension", "global flags", "unknown flag")
_TOKEN = re.compile(r"\\(?s:.)|\[(?:\^?\])?(?:\[:\^?\w+:\]|\\(?s:.)|[^\]\\])*\]|[*+?]|\{\d+(?:,\d*)?\}|(?s:.)")
_CLASSES = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "digit": "0-9", "lower": "a-z", "upper": "A-Z", "space": r"\s",
    "xdigit": "0-9A-Fa-f", "word": r"\w", "blank": r" \t", "punct": r"!-/:-@\[-`{-~",
}  # fmt: skip


class Pattern:
    """A pattern in RE2's syntax; raises FunctionError for what RE2 refuses and NotKnown for what is not supported."""

    def __init__(self, text: str) -> None:
        if _REFUSED.search(text):
            raise FunctionError("the pattern looks around or back, which is not supported")
        self.repeats = 0
        self.risky = False
        translated = self._translated(re.sub(r"\(\?<(\w+)>", r"(?P<\1>", text))
        try:
            self.compiled = re.compile(translated, re.ASCII)
        except (re.error, OverflowError, RecursionError) as error:
            if any(limit in str(error) for limit in _LIMITS):
                raise NotKnown(f"the pattern is not supported: {error}") from error
            raise FunctionError(f"the pattern is malformed: {error}") from error

    def _translated(self, text: str) -> str:
        """The pattern as Python spells it; on the way, repetitions are counted."""
        out: list[str] = []
        groups = [False]
        closed = False
        for match in _TOKEN.finditer(text):
            mark = match[0]
            many = mark in {"*", "+"} or mark.endswith(",}") or (mark[0] == "{" and len(mark) > 1)
            if mark == "(":
                groups.append(False)
            elif mark == ")" and len(groups) > 1:
                inner = groups.pop()
                groups[-1] |= inner
                closed = inner
                out.append(mark)
                continue
            elif mark == "|":
                groups[-1] = True
            elif many:
                self.repeats += 1
                self.risky |= closed
                groups[-1] = True
            closed = False
            if mark[0] == "[":
                mark = re.sub(r"\[:(\^?)(\w+):\]", lambda found: _CLASSES.get(found[2], found[0]), mark)
            out.append({"$": r"\Z", r"\z": r"\Z", r"\C": "."}.get(mark, mark))
        return "".join(out)

    def over(self, text: str, call: Call) -> re.Pattern[str]:
        """The compiled pattern, if it may be tried on a text; raises NotKnown."""
        work = max(len(text), 1) ** self.repeats if self.repeats < 16 else MAX_WORK + 1
        if self.risky and len(text) > MAX_RISK:
            raise NotKnown("the pattern repeats a repetition, which could take too long")
        if work > MAX_WORK or not call.place.budget.spend(work // 64, call.span):
            raise NotKnown("the pattern could take too long on such a text")
        return self.compiled


def _captured(match: re.Match[str]) -> object:
    if match.re.groupindex:
        return {name: match[name] for name in match.re.groupindex}
    return list(match.groups()) if match.re.groups else match[0]


@function("regex", "string", "string")
def regex(call: Call) -> object:
    """The first match of a pattern, or its groups."""
    pattern, text = Pattern(call.text(0)), call.text(1)
    match = pattern.over(text, call).search(text)
    if match is None:
        raise FunctionError("the pattern does not match")
    return _captured(match)


@function("regexall", "string", "string", returns="list(any)")
def regexall(call: Call) -> object:
    """All matches of a pattern."""
    pattern, text = Pattern(call.text(0)), call.text(1)
    found = []
    end = -1
    for match in pattern.over(text, call).finditer(text):
        # RE2 passes over an empty match right behind another one.
        if match.end() > match.start() or match.start() != end:
            found.append(_captured(match))
        end = match.end()
        if len(found) > MAX_MATCHES:
            raise NotKnown(f"there are more than {MAX_MATCHES} matches")
    return found


@function("replace", "string", "string", "string", returns="string")
def replace(call: Call) -> object:
    """A text with all occurrences of another, or of a pattern between slashes, replaced."""
    wanted = call.text(1)
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        pattern, text, new = Pattern(wanted[1:-1]), call.text(0), call.text(2)
        return _bounded(pattern.over(text, call).sub(lambda match: _expanded(new, match), text))
    value = call.value(0)
    if not (isinstance(value, Known) and isinstance(value.it, str) and isinstance(call.value(2), Known)):
        return replaced(value, wanted, call.value(2))
    text, new = call.text(0), call.text(2)
    if text.count(wanted) * len(new) > MAX_TEXT:
        raise NotKnown("the text is beyond 4 MiB")
    return text.replace(wanted, new)


_GROUP = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})")


def _expanded(new: str, match: re.Match[str]) -> str:
    """A replacement with `$1`, `${1}` and `${name}` filled in; what is no group is empty, `$$` is a dollar."""

    def group(mark: re.Match[str]) -> str:
        name = mark[2] or mark[3]
        if mark[1]:
            return "$"
        if name.isdecimal():
            return (match[int(name)] or "") if len(name) < 4 and int(name) <= match.re.groups else ""
        return (match[name] or "") if name in match.re.groupindex else ""

    return _GROUP.sub(group, new) if "$" in new else new


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise NotKnown("the text is beyond 4 MiB")
    return text
