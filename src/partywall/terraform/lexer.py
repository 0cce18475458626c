"""HCL text -> tokens. One linear regular expression; brackets decide whether line ends count."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NamedTuple

from partywall.terraform.syntax import HclError

_TOKEN = re.compile(
    r"""(?>[ \t\r]+|/\*(?s:.)*?\*/)*+(?:
 ([^\W\d][\w-]*)
|(\n|(?:\#|//)[^\n]*(?:\n|\Z))
|"([^"\\$%\n]*(?:(?:\\[^\n]|\$(?!\{)|%(?!\{))[^"\\$%\n]*)*)"
|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?!\.?\d)
|(<<-?)([^\W\d][\w-]*)\r?\n
|(&&|\|\||==|!=|<=|>=|=>|\.\.\.|::|[{}()\[\]=,.:?+\-*%<>!]|/(?!\*)|~(?=\}))
|(")
|(\Z)
)""",
    re.VERBOSE,
).match
_QUOTED = re.compile(r'(?:[^"\\$%\n]+|\\[^\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))+').match
_PLAIN = re.compile(r"(?:[^$%\n]+|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*\n?").match
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|(\$\$|%%)(?=\{)")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
MAX_TOKENS = 1_500_000
"""So many tokens are read at once. With what is made of them they take 400 MB, and 8 MB may hold five times as many."""
MAX_NESTING = 60

WORD, LINE, TEXT, NUMBER, TEMPLATE, END = "word", "line", "text", "number", "template", "end"


class Tokens:
    """Tokens side by side in four lists, which is what makes them quick to read.

    `kinds` holds their kinds (an operator is its own kind), `values` their values, `starts` and `ends` their offsets.
    """

    __slots__ = ("ends", "kinds", "starts", "values")

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, kind: str, value: Any, start: int, end: int) -> None:
        """One more token."""
        self.kinds.append(kind)
        self.values.append(value)
        self.starts.append(start)
        self.ends.append(end)

    def drop_trim_mark(self) -> bool:
        """Take away the `~` before the end, if there is one."""
        if len(self.kinds) < 2 or self.kinds[-2] != "~":
            return False
        for one in (self.kinds, self.values, self.starts, self.ends):
            del one[-2]
        return True


class Piece(NamedTuple):
    """One part of a template: `text`, `${` with tokens, or `%{` with tokens, and its trim marks."""

    kind: str
    start: int
    end: int
    value: Any
    trim_left: bool = False
    trim_right: bool = False


def tokens(text: str, at: int = 0) -> Tokens:
    """All tokens from an offset; text that is no token ends them with an `error` token."""
    found = Tokens()
    try:
        _lex(text, at, found, len(text), inside=0)
    except HclError as error:
        found.add("error", error.message, error.offset, error.offset)
    return found


def pieces(text: str) -> list[Piece]:
    """A text that is a template as a whole (no quotes, no backslash escapes)."""
    return _template(text, 0, len(text), quoted=False, depth=0)[0]


def _unquoted(raw: str, offset: int) -> str:
    def one(match: re.Match[str]) -> str:
        short, long, simple, doubled = match.groups()
        if short or long:
            number = int(short or long, 16)
            if number > 0x10FFFF or 0xD800 <= number < 0xE000:
                raise HclError(offset + match.start(), f"{match[0]} is no character")
            return chr(number)
        if doubled:
            return str(doubled[0])
        if simple not in _SIMPLE:
            hint = "; write \\\\ for a backslash" if simple not in "uU" else " without its hexadecimal digits"
            raise HclError(offset + match.start(), f"\\{simple} is not an escape{hint}")
        return _SIMPLE[simple]

    return _composed(_ESCAPE.sub(one, raw) if "\\" in raw or "{" in raw else raw)


def _composed(text: str) -> str:
    """Text as Terraform keeps it: characters and their marks put together (Unicode's form NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _lex(text: str, at: int, out: Tokens, limit: int, inside: int) -> int:  # noqa: PLR0915 - one loop for speed
    """Append tokens up to the limit; with `inside` > 0 stop behind the brace that closes an interpolation."""
    if inside > MAX_NESTING:
        raise HclError(at, "templates are nested too deeply")
    began = at
    stack = ["("] if inside else ["{"]
    keep = not inside
    kinds = out.kinds
    kind, value, start, end = kinds.append, out.values.append, out.starts.append, out.ends.append
    while True:
        if len(kinds) > MAX_TOKENS:
            raise HclError(at, f"there are more than {MAX_TOKENS} words and marks at once; this block is not read")
        match = _TOKEN(text, at, limit)
        if match is None:
            raise _unexpected(text, at)
        group = match.lastindex
        at = match.end()
        if group == 1:
            word = match[1]
            if word == "for" and keep and len(stack) > 1 and _opens(kinds):
                stack[-1] = "for"
                keep = False
            kind(WORD)
            value(word)
            start(at - len(word))
            end(at)
        elif group == 2:
            if keep and kinds and kinds[-1] is not LINE:
                out.add(LINE, None, match.start(2), at)
        elif group == 7:
            mark = match[7]
            if mark in "([{":
                stack.append(mark)
                keep = mark == "{"
            elif mark in ")]}":
                if inside and len(stack) == 1:
                    if mark != "}":
                        raise HclError(at - 1, f"unexpected {mark}")
                    out.add(END, None, at - 1, at)
                    return at
                if len(stack) > 1:
                    stack.pop()
                keep = stack[-1] == "{"
            kind(mark)
            value(None)
            start(at - len(mark))
            end(at)
        elif group == 3:
            raw = match[3]
            first = at - len(raw) - 1
            plain = "\\" not in raw and "{" not in raw and raw.isascii()
            value(raw if plain else _unquoted(raw, first))
            kind(TEXT)
            start(first - 1)
            end(at)
        elif group == 4:
            out.add(NUMBER, match[4], match.start(4), at)
        elif group == 8:
            first = at - 1
            parts, at = _template(text, at, limit, quoted=True, depth=inside)
            if all(part.kind == "text" for part in parts):
                out.add(TEXT, "".join(part.value for part in parts), first, at)
            else:
                out.add(TEMPLATE, parts, first, at)
        elif group == 6:
            first = match.start(5)
            last = _last_line(text, match[6], at, limit)
            if last is None:
                raise HclError(first, f"the heredoc has no line with {match[6]} that ends it")
            parts, _ = _template(text, at, last[0], quoted=False, depth=inside)
            parts = trimmed(parts)
            at = last[1]
            out.add(TEMPLATE, _flush(parts) if match[5] == "<<-" else parts, first, at)
        else:
            if inside:
                raise HclError(began, "an interpolation has no closing }")
            out.add(END, None, at, at)
            return at


def _last_line(text: str, mark: str, at: int, limit: int) -> tuple[int, int] | None:
    """Where the line begins and ends that holds nothing but the mark of a heredoc."""
    while True:
        found = text.find(mark, at, limit)
        if found < 0:
            return None
        start = max(text.rfind("\n", at, found) + 1, at)
        end = text.find("\n", found, limit)
        if end < 0:
            return None
        if text[start:end].strip(" \t") == mark:
            return start, end
        at = end + 1


_BLANK = re.compile(r"[ \t\r]*").match


def _unexpected(text: str, at: int) -> HclError:
    """Why no token begins here, behind the white space."""
    blank = _BLANK(text, at)
    at = blank.end() if blank else at
    char = text[at : at + 1]
    if text.startswith("/*", at):
        return HclError(at, "a comment has no */ that ends it")
    if char in {"'", "\u201c", "\u201d", "`"}:
        return HclError(at, f"texts stand in double quotes, not {char}")
    if char == ";":
        return HclError(at, "arguments are separated by new lines, not ;")
    if char.isdecimal():
        return HclError(at, "the number is malformed")
    if char in {"&", "|"}:
        return HclError(at, f"the operator is {char}{char}, not {char}")
    return HclError(at, f"unexpected character {char}" if char.isprintable() else "unexpected character")


def _opens(kinds: list[str]) -> bool:
    """Whether the last token, line ends aside, is an opening brace."""
    last = [kind for kind in kinds[-2:] if kind != LINE]
    return bool(last) and last[-1] == "{"


def _template(text: str, at: int, limit: int, *, quoted: bool, depth: int) -> tuple[list[Piece], int]:
    """The pieces of a template and where it ends; outside quotes each line is a piece of its own."""
    scan = _QUOTED if quoted else _PLAIN
    began = at
    parts: list[Piece] = []
    while True:
        match = scan(text, at, limit)
        if match and match.end() > at:
            raw = match[0]
            value = _unquoted(raw, at) if quoted else _composed(raw.replace("$${", "${").replace("%%{", "%{"))
            parts.append(Piece("text", at, match.end(), value))
            at = match.end()
        if not quoted and at >= limit:
            return parts, at
        mark = text[at : min(at + 2, limit)]
        if mark in {"${", "%{"}:
            start = at
            at += 2
            left = text.startswith("~", at, limit)
            inner = Tokens()
            at = _lex(text, at + left, inner, limit, depth + 1)
            parts.append(Piece(mark, start, at, inner, left, inner.drop_trim_mark()))
        elif quoted and mark[:1] == '"':
            return parts, at + 1
        elif quoted:
            raise HclError(began - 1, "a text has no closing quote on its line")


def trimmed(parts: list[Piece]) -> list[Piece]:
    """Apply the `~` marks to the texts beside them: to one line, as Terraform does it, not beyond."""
    if not any(part.trim_left or part.trim_right for part in parts):
        return parts
    out = list(parts)
    for index, part in enumerate(parts):
        if part.trim_left and index and out[index - 1].kind == "text":
            out[index - 1] = out[index - 1]._replace(value=out[index - 1].value.rstrip())
        if part.trim_right and index + 1 < len(out) and out[index + 1].kind == "text":
            out[index + 1] = out[index + 1]._replace(value=out[index + 1].value.lstrip())
    return out


def _flush(parts: list[Piece]) -> list[Piece]:
    """Remove the smallest indentation of the lines of a `<<-` heredoc.

    Every line is a piece; an interpolation that begins a line begins it without indentation, blank lines do not
    count and stay as they are. Source: the HCL reference implementation, with trim marks applied before.
    """
    starts: list[int] = []
    smallest: int | None = None
    fresh = True
    for index, part in enumerate(parts):
        if fresh:
            value = part.value if part.kind == "text" else ""
            body = value.lstrip()
            if part.kind != "text" or body or not value.endswith("\n"):
                indent = len(value) - len(body)
                smallest = indent if smallest is None else min(smallest, indent)
                starts.append(index)
        fresh = part.kind == "text" and part.value.endswith("\n")
    if not smallest:
        return parts
    out = list(parts)
    for index in starts:
        if out[index].kind == "text":
            out[index] = out[index]._replace(value=out[index].value[smallest:])
    return out
