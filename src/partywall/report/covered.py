"""Secrets in a line of a source, covered up: what a name says is one, and what has the form of one."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from partywall.aws.secret import FORMS, is_secret_name
from partywall.source import Span

_VALUE = r"""(?P<value>\\"(?:[^"\\]|\\[^"])*|"(?:[^"\\]|\\.)*"?|'[^']*'?|[{\[(]|[^\s,;{}()\[\]#"'\\]+)"""
_PAIR = re.compile(
    rf"""(?P<key>[A-Za-z_][\w.-]*)\\?["']?\s*(?:=>|[:=])\s*{_VALUE}|--(?P<flag>[a-z][\w-]*)[ =]+(?P<given>[^\s"']+)"""
)
_NAME = re.compile(r"""(?i:\b(?:name|key|parameter_?key))\\?["']?\s*[:=]\s*\\?["']?(?P<key>[\w./-]+)""")
_GIVEN = re.compile(rf"""(?i:(?P<word>\b(?:value|parameter_?value|default)))\\?["']?\s*[:=]\s*{_VALUE}""")
_COMPARED = re.compile(r"""(?:!Ref\s+|"Ref"\s*:\s*"|\bRef:\s*|\bvar\.|\blocal\.)(?P<key>\w+)""")
_MARKED = re.compile(r"""\bsensitive\s*=\s*true|\bNoEcho["']?\s*:\s*["']?true""", re.IGNORECASE)
_HEADER = re.compile(r"""\s*(?:variable\s+)?["']?(?P<key>[A-Za-z_][\w-]*)["']?\s*:?\s*\{?\s*\Z""")
_SENSITIVE = re.compile(r"\bsensitive\(")
_ADDRESS = re.compile(r"://[^/\s:@\"']*:(?P<value>[^@/\s\"'$]+)@")
_BODY = re.compile(r"(?<![A-Za-z0-9+/])(?P<value>[A-Za-z0-9+/]{60,}={0,2})")
_KEY_FORM = re.compile(
    r"(?<![A-Za-z0-9/+=.:_-])(?P<value>(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=\D*\d)[A-Za-z0-9/+]{40})(?![\w/+=])"
)
_HARMLESS = re.compile(
    r"""\\?["']?(?:(?:true|false|null|none|~|string|number|any)?["']?\Z|\$\{[^}]*\}["']?\Z|\{\{resolve:|[!{\[(&*|>]"""
    r"""|(?:var|local|data|module|each|self|aws_\w+|random_\w+|tls_\w+)\.|file\()""",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r"[!{\[(]|[a-z]\w*[.(]")
_LITERAL = re.compile(r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|(?<=[\[,:\s])[^\s,;{}()\[\]:!"']+(?=\s*[,\]}]))""")
_COVERED = re.compile(r"[^\s\"'\\]")
_NEAR = 4
MAX_LINE = 500
"""Longer lines were written by a machine, such as a plan on one line: what stands beside a value may be a secret."""


def covered(lines: Sequence[str], at: int) -> str:
    """A line of some, by its index, with stars over the secrets; as long as it was, so that columns stay."""
    text = lines[at]
    for begin, end in sorted({*_named(lines, at), *_formed(text)}):
        text = text[:begin] + _COVERED.sub("*", text[begin:end]) + text[end:]
    return text


def whole_lines(span: Span) -> Span:
    """All of the lines of a span: what stands beside a value that is not told may tell it."""
    return Span(span.path, span.line, 1, span.end_line, sys.maxsize)


def _named(lines: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    """What stands beside a name: as the value of a key, after a flag, or as the value in a pair of name and value."""
    text = lines[at]
    for found in _PAIR.finditer(text):
        group = "value" if found["key"] else "given"
        if not is_secret_name(found["key"] or found["flag"]):
            continue
        if not _HARMLESS.match(found[group]):
            yield found.span(group)
        elif _COMPOUND.match(found[group]):
            yield from _inside(text, found.start(group))
    if any(mark in text for mark in ("==", "!=", "Equals")) and any(
        is_secret_name(found["key"]) for found in _COMPARED.finditer(text)
    ):
        yield from _inside(text, 0)
    for found in _SENSITIVE.finditer(text):
        yield from _inside(text, found.end())
    for found in _GIVEN.finditer(text):
        if not _HARMLESS.match(found["value"]) and _is_secret(lines, at, found):
            yield found.span("value")


def _inside(text: str, begin: int) -> Iterator[tuple[int, int]]:
    """The literals of a value that is more than one: a list, a map, a function, a conditional."""
    depth = 0
    end = begin
    for end in range(begin, len(text)):
        depth += (text[end] in "[{(") - (text[end] in "]})")
        if depth < 0:
            break
    yield from (found.span("value") for found in _LITERAL.finditer(text, begin, end + 1))


def _is_secret(lines: Sequence[str], at: int, given: re.Match[str]) -> bool:
    if given["word"].lower() == "default" and any(map(_MARKED.search, lines[max(0, at - _NEAR) : at + _NEAR])):
        return True
    return any(map(is_secret_name, _names(lines, at, given)))


def _names(lines: Sequence[str], at: int, given: re.Match[str]) -> Iterator[str]:
    """The names that a value may belong to: on its line, else nearby; of a default the header above it."""
    if given["word"].lower() == "default":
        depth = len(lines[at]) - len(lines[at].lstrip())
        for above in reversed(lines[max(0, at - 3 * _NEAR) : at]):
            header = _HEADER.match(above)
            if header is not None and len(above) - len(above.lstrip()) < depth:
                yield header["key"]
                return
        return
    before = [found["key"] for found in _NAME.finditer(lines[at][: given.start()])]
    if before:
        yield before[-1]
        return
    for near in lines[max(0, at - _NEAR) : at + _NEAR]:
        yield from (found["key"] for found in _NAME.finditer(near[:MAX_LINE]))


def _formed(text: str) -> Iterator[tuple[int, int]]:
    for _, form in FORMS:
        yield from (found.span() for found in form.finditer(text))
    for pattern in (_ADDRESS, _BODY, _KEY_FORM):
        yield from (found.span("value") for found in pattern.finditer(text))
