"""HCL text -> tokens. One linear regular expression; brackets decide whether line ends count."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from partywall.terraform.syntax import HclError

_TOKEN = re.compile(
    r"""(?:[ \t\r]+|/\*(?:[^*]|\*(?!/))*\*/)*(?:
 ([^\W\d][\w-]*)
|(\n|(?:\#|//)[^\n]*(?:\n|\Z))
|"([^"\\$%\n]*(?:(?:\\[^\n]|\$(?!\{)|%(?!\{))[^"\\$%\n]*)*)"
|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
|(<<-?)([^\W\d][\w-]*)[ \t]*\n
|(&&|\|\||==|!=|<=|>=|=>|\.\.\.|::|[{}()\[\]=,.:?+\-*/%<>!]|~(?=\}))
|(")
|(\Z)
)""",
    re.VERBOSE,
).match
_QUOTED = re.compile(r'(?:[^"\\$%\n]+|\\[^\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))+').match
_PLAIN = re.compile(r"(?:[^$%]+|\$\$\{|%%\{|\$(?!\{)|%(?!\{))+").match
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|(\$\$|%%)(?=\{)")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_NOT_ARGUMENT = re.compile(r"\s*=(?!>)").match
_NESTING = 60

WORD, LINE, TEXT, NUMBER, TEMPLATE, END = "word", "line", "text", "number", "template", "end"


class Token(NamedTuple):
    """One token: its kind (an operator is its own kind), value and offsets."""

    kind: str
    value: Any
    start: int
    end: int


class Piece(NamedTuple):
    """One part of a template: `text`, `${` with tokens, or `%{` with tokens, and its trim marks."""

    kind: str
    start: int
    end: int
    value: Any
    trim_left: bool = False
    trim_right: bool = False


def tokens(text: str, at: int = 0) -> list[Token]:
    """All tokens from an offset; text that is no token ends them with an `error` token."""
    found: list[Token] = []
    try:
        _lex(text, at, found, inside=0)
    except HclError as error:
        found.append(Token("error", error.message, error.offset, error.offset))
    return found


def pieces(text: str) -> list[Piece]:
    """A text that is a template as a whole (no quotes, no backslash escapes)."""
    return _template(text, 0, quoted=False, limit=len(text), depth=0)[0]


def _unquoted(raw: str, offset: int) -> str:
    def one(match: re.Match[str]) -> str:
        short, long, simple, doubled = match.groups()
        if short or long:
            number = int(short or long, 16)
            if number > 0x10FFFF:
                raise HclError(offset, "a \\U escape is beyond the last character")
            return chr(number)
        if doubled:
            return str(doubled[0])
        if simple not in _SIMPLE:
            raise HclError(offset, f"\\{simple} is not an escape")
        return _SIMPLE[simple]

    return _ESCAPE.sub(one, raw) if "\\" in raw or "{" in raw else raw


def _lex(text: str, at: int, out: list[Token], inside: int) -> int:  # noqa: PLR0915 - one loop for speed
    """Append tokens; with `inside` > 0 stop behind the brace that closes an interpolation."""
    if inside > _NESTING:
        raise HclError(at, "templates are nested too deeply")
    stack = ["("] if inside else ["{"]
    keep = not inside
    while True:
        match = _TOKEN(text, at)
        if match is None:
            raise HclError(at, "unexpected character or unfinished comment")
        group = match.lastindex
        at = match.end()
        if group == 1:
            word = match[1]
            if word == "for" and keep and len(stack) > 1 and _opens(out) and not _NOT_ARGUMENT(text, at):
                stack[-1] = "for"
                keep = False
            out.append(Token(WORD, word, match.start(1), at))
        elif group == 2:
            if keep and out and out[-1].kind != LINE:
                out.append(Token(LINE, None, match.start(2), at))
        elif group == 3:
            out.append(Token(TEXT, _unquoted(match[3], match.start(3)), match.start(3) - 1, at))
        elif group == 4:
            out.append(Token(NUMBER, match[4], match.start(4), at))
        elif group == 7:
            mark = match[7]
            if mark in "([{":
                stack.append(mark)
            elif mark in ")]}":
                if inside and len(stack) == 1:
                    if mark != "}":
                        raise HclError(at - 1, f"unexpected {mark}")
                    out.append(Token(END, None, at - 1, at))
                    return at
                if len(stack) > 1:
                    stack.pop()
            keep = stack[-1] == "{"
            out.append(Token(mark, None, match.start(7), at))
        elif group == 8:
            start = at - 1
            parts, at = _template(text, at, quoted=True, limit=len(text), depth=inside)
            out.append(Token(TEMPLATE, parts, start, at))
        elif group == 6:
            start = match.start(5)
            finish = re.compile(r"^[ \t]*" + re.escape(match[6]) + r"[ \t]*$", re.MULTILINE).search(text, at)
            if finish is None:
                raise HclError(start, f"the heredoc {match[6]} has no end")
            parts, _ = _template(text, at, quoted=False, limit=finish.start(), depth=inside)
            out.append(Token(TEMPLATE, _flush(parts) if match[5] == "<<-" else parts, start, finish.end()))
            at = finish.end()
        else:
            if inside:
                raise HclError(at, "an interpolation has no end")
            out.append(Token(END, None, at, at))
            return at


def _opens(out: list[Token]) -> bool:
    """Whether the last token, line ends aside, is an opening brace."""
    for token in reversed(out[-2:]):
        if token.kind == LINE:
            continue
        return bool(token.kind == "{")
    return False


def _template(text: str, at: int, *, quoted: bool, limit: int, depth: int) -> tuple[list[Piece], int]:
    scan = _QUOTED if quoted else _PLAIN
    body = text if limit == len(text) else text[:limit]
    parts: list[Piece] = []
    while True:
        match = scan(body, at)
        if match:
            raw = match[0]
            value = _unquoted(raw, at) if quoted else raw.replace("$${", "${").replace("%%{", "%{")
            parts.append(Piece("text", at, match.end(), value))
            at = match.end()
        if not quoted and at >= limit:
            return parts, at
        mark = body[at : at + 2]
        if mark in {"${", "%{"}:
            start = at
            at += 2
            left = body.startswith("~", at)
            inner: list[Token] = []
            at = _lex(body, at + left, inner, depth + 1)
            right = len(inner) > 1 and inner[-2].kind == "~"
            if right:
                del inner[-2]
            parts.append(Piece(mark, start, at, inner, left, right))
        elif quoted and mark[:1] == '"':
            return parts, at + 1
        else:
            raise HclError(at, "a text has no closing quote")


def _flush(parts: list[Piece]) -> list[Piece]:
    """Remove the smallest indentation of the lines of a `<<-` heredoc."""
    fresh = True
    smallest: int | None = None
    for part in parts:
        if part.kind == "text":
            for line in part.value.splitlines(keepends=True):
                if fresh and line.strip("\n"):
                    indent = len(line) - len(line.lstrip(" \t"))
                    smallest = indent if smallest is None else min(smallest, indent)
                fresh = line.endswith("\n")
        else:
            smallest = 0 if fresh else smallest
            fresh = False
    if not smallest:
        return parts
    out: list[Piece] = []
    fresh = True
    for part in parts:
        if part.kind != "text":
            out.append(part)
            fresh = False
            continue
        lines: list[str] = []
        for line in part.value.splitlines(keepends=True):
            lines.append(line[min(smallest, len(line) - len(line.lstrip(" \t"))) :] if fresh else line)
            fresh = line.endswith("\n")
        out.append(part._replace(value="".join(lines)))
    return out
