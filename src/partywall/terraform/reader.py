"""HCL tokens -> syntax tree. Recursive descent, with recovery at the next top-level block."""

from __future__ import annotations

import re
from typing import Any

from partywall.source import Source
from partywall.terraform import lexer
from partywall.terraform.conversion import Number, number_from
from partywall.terraform.lexer import END, LINE, NUMBER, TEMPLATE, TEXT, WORD, Piece, Token
from partywall.terraform.syntax import (
    Argument,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    For,
    Get,
    Group,
    HclError,
    Index,
    ListOf,
    Literal,
    Name,
    Node,
    ObjectOf,
    Splat,
    SyntaxProblem,
    Template,
    TemplateFor,
    TemplateIf,
    Unary,
)

_PRECEDENCE = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_TOP = re.compile(r"""^[a-z_]+(?:[ \t]+(?:"[^"\n]*"|[\w-]+))*[ \t]*\{""", re.MULTILINE)
"""A line that starts a block at the left margin: where reading goes on behind an error."""
_DEPTH = 200
_DIGITS = 4096
_NEAR = 1000
_AGAIN = 4 * 1024 * 1024
"""How many characters may be read a second time on the way behind errors."""


def read_body(source: Source) -> tuple[Body, list[SyntaxProblem]]:
    """All arguments and blocks of a file, and what had to be skipped."""
    arguments: list[Argument] = []
    blocks: list[Block] = []
    problems: list[SyntaxProblem] = []
    at = again = 0
    while True:
        parser = _Parser(source, lexer.tokens(source.text, at))
        error = parser.fill(arguments, blocks, END)
        problems += parser.problems
        if error is None:
            return Body(tuple(arguments), tuple(blocks)), problems
        problems.append(error)
        found = _TOP.search(source.text, parser.began + 1)
        if found is None:
            return Body(tuple(arguments), tuple(blocks)), problems
        at = found.start()
        again += len(source.text) - at
        if again > _AGAIN:
            problems.append(SyntaxProblem(at, "there are too many errors; the rest of the file was not read"))
            return Body(tuple(arguments), tuple(blocks)), problems


def read_expression(source: Source) -> Node:
    """A whole text as one expression; raises HclError."""
    parser = _Parser(source, lexer.tokens(source.text))
    parser.skip_lines()
    node = parser.expression()
    parser.skip_lines()
    parser.expect(END)
    return node


def read_template(text: str) -> Node:
    """A whole text as one template, as in JSON syntax; raises HclError."""
    return _Parser(Source("", text), []).template(0, len(text), lexer.pieces(text))


class _Parser:
    """A position in a list of tokens, and the grammar."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.at = 0
        self.began = 0
        self.depth = 0
        self.problems: list[SyntaxProblem] = []

    # Position.

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    @property
    def kind(self) -> str:
        return self.tokens[self.at].kind

    def ahead(self, distance: int = 1) -> Token:
        return self.tokens[min(self.at + distance, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.tokens[self.at]
        if self.at < len(self.tokens) - 1:
            self.at += 1
        return token

    def expect(self, kind: str) -> Token:
        if self.kind != kind:
            raise self.wrong(f"expected {_named(kind)}")
        return self.take()

    def wrong(self, message: str) -> HclError:
        token = self.now
        if token.kind == "error":
            return HclError(token.start, str(token.value))
        shown = str(token.value) if token.kind in {WORD, NUMBER} else _named(token.kind)
        return HclError(token.start, f"{message}, found {shown}")

    def skip_lines(self) -> None:
        while self.kind == LINE:
            self.at += 1

    # Bodies.

    def fill(self, arguments: list[Argument], blocks: list[Block], close: str) -> SyntaxProblem | None:
        """Add items up to the end; at top level give back the error instead of raising it."""
        while True:
            self.skip_lines()
            if self.kind == close:
                return None
            self.began = self.now.start
            try:
                self.item(arguments, blocks, close)
            except HclError as error:
                return SyntaxProblem(error.offset, error.message)
            except RecursionError:
                return SyntaxProblem(self.began, "is nested too deeply")

    def body(self, block: Token) -> Body:
        arguments: list[Argument] = []
        blocks: list[Block] = []
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.wrong("blocks are nested too deeply")
        one_line = self.kind != LINE
        while True:
            if self.kind == LINE:
                if one_line and arguments:
                    self.problems.append(SyntaxProblem(self.now.start, "a block begun on one line ends on that line"))
                one_line = False
                self.skip_lines()
            if self.kind == "}":
                self.depth -= 1
                return Body(tuple(arguments), tuple(blocks))
            if self.kind == END:
                raise HclError(block.start, f"the block {block.value} has no closing }}")
            if one_line and (blocks or self.ahead().kind != "="):
                self.problems.append(SyntaxProblem(self.now.start, "a block on one line holds one argument at most"))
                one_line = False
            self.item(arguments, blocks, "}")

    def item(self, arguments: list[Argument], blocks: list[Block], close: str) -> None:
        if self.kind != WORD:
            raise self.wrong("expected the name of an argument or a block")
        name = self.take()
        if self.kind == "=":
            self.take()
            node = self.expression()
            if any(one.name == name.value for one in arguments[-_NEAR:]):
                self.problems.append(SyntaxProblem(name.start, f"the argument {name.value} is set twice"))
            else:
                arguments.append(Argument(name.start, name.end, name.value, node, self.source))
        else:
            labels: list[str] = []
            head = name.end
            while self.kind in {TEXT, WORD}:
                label = self.take()
                labels.append(label.value)
                head = label.end
            if self.kind != "{":
                wanted = "{ on the same line" if labels else "= or {"
                raise self.wrong(f"expected {wanted} after {name.value}")
            self.take()
            inner = self.body(name)
            end = self.take().end
            blocks.append(Block(name.start, end, name.value, tuple(labels), inner, head, self.source))
        if self.kind not in {LINE, close}:
            raise self.wrong("expected a new line")

    # Expressions.

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.wrong("the expression is nested too deeply")
        left = self.binary(self.term(), 1)
        if self.kind == "?":
            self.take()
            yes = self.expression()
            self.expect(":")
            no = self.expression()
            left = Conditional(left.start, no.end, left, yes, no)
        self.depth -= 1
        return left

    def binary(self, left: Node, least: int) -> Node:
        while True:
            operator = self.kind
            strength = _PRECEDENCE.get(operator, 0)
            if strength < least:
                return left
            self.take()
            right = self.term()
            while _PRECEDENCE.get(self.kind, 0) > strength:
                right = self.binary(right, strength + 1)
            left = Binary(left.start, right.end, operator, left, right)

    def term(self) -> Node:
        token = self.now
        if token.kind in {"-", "!"}:
            self.take()
            self.depth += 1
            if self.depth > _DEPTH:
                raise self.wrong("the expression is nested too deeply")
            operand = self.term()
            self.depth -= 1
            return Unary(token.start, operand.end, token.kind, operand)
        return self.postfix(token.start, self.primary(token))

    def primary(self, token: Token) -> Node:
        start, end = token.start, token.end
        if token.kind == WORD:
            if self.ahead().kind in {"(", "::"}:
                return self.call(start)
            self.take()
            constants: dict[str, bool | None] = {"true": True, "false": False, "null": None}
            if token.value in constants:
                return Literal(start, end, constants[token.value])
            return Name(start, end, token.value)
        if token.kind == TEXT:
            self.take()
            return Literal(start, end, token.value)
        if token.kind == NUMBER:
            self.take()
            return Literal(start, end, _number(token))
        if token.kind == TEMPLATE:
            self.take()
            return self.template(start, end, token.value)
        if token.kind == "[":
            return self.list_of(start)
        if token.kind == "{":
            return self.object_of(start)
        if token.kind == "(":
            self.take()
            inner = self.expression()
            return Group(start, self.expect(")").end, inner)
        raise self.wrong("expected an expression")

    def postfix(self, start: int, node: Node) -> Node:
        while True:
            if self.kind == ".":
                self.take()
                if self.kind == WORD:
                    word = self.take()
                    node = Get(start, word.end, node, word.value)
                elif self.kind == NUMBER:
                    number = self.take()
                    node = Index(start, number.end, node, _whole(number))
                elif self.kind == "*":
                    end = self.take().end
                    node = self.splat(start, end, node, full=False)
                else:
                    raise self.wrong("expected an attribute name")
            elif self.kind == "[":
                self.take()
                if self.kind == "*" and self.ahead().kind == "]":
                    self.take()
                    node = self.splat(start, self.take().end, node, full=True)
                else:
                    key = self.expression()
                    node = Index(start, self.expect("]").end, node, key)
            else:
                return node

    def splat(self, start: int, end: int, node: Node | None, *, full: bool) -> Node:
        """`[*]` takes everything that follows to each element; the old `.*` only attributes and `.0`."""
        steps: list[Any] = []
        while True:
            following = self.ahead()
            if self.kind == "." and following.kind == WORD:
                self.take()
                word = self.take()
                steps.append(word.value)
                end = word.end
            elif self.kind == "." and following.kind == NUMBER:
                self.take()
                number = self.take()
                steps.append(_whole(number))
                end = number.end
            elif self.kind == "." and following.kind == "*" and not full:
                raise HclError(following.start, "a .* cannot follow another one: use [*]")
            elif full and self.kind == "[":
                self.take()
                if self.kind == "*" and self.ahead().kind == "]":
                    self.take()
                    inner = self.splat(start, self.take().end, None, full=True)
                    steps.append(inner)
                    return Splat(start, inner.end, node, tuple(steps))
                steps.append(self.expression())
                end = self.expect("]").end
            else:
                return Splat(start, end, node, tuple(steps))

    def call(self, start: int) -> Node:
        name = str(self.take().value)
        while self.kind == "::":
            self.take()
            name += "::" + str(self.expect(WORD).value)
        self.expect("(")
        arguments: list[Node] = []
        spread = False
        while self.kind != ")":
            arguments.append(self.expression())
            if self.kind == "...":
                self.take()
                spread = True
            if self.kind == ",":
                self.take()
            elif self.kind != ")":
                raise self.wrong("expected , or )")
        return Call(start, self.take().end, name, tuple(arguments), spread)

    def intro(self) -> tuple[str, str | None, Node]:
        """`for k, v in collection`, from behind the `for`."""
        first = str(self.expect(WORD).value)
        second = None
        if self.kind == ",":
            self.take()
            second = str(self.expect(WORD).value)
        if self.now.value != "in":
            raise self.wrong("expected in")
        self.take()
        return first, second, self.expression()

    def condition(self) -> Node | None:
        if self.kind == WORD and self.now.value == "if":
            self.take()
            return self.expression()
        return None

    def list_of(self, start: int) -> Node:
        self.take()
        if self.kind == WORD and self.now.value == "for" and self.ahead().kind == WORD:
            self.take()
            first, second, collection = self.intro()
            self.expect(":")
            value = self.expression()
            condition = self.condition()
            return For(
                start, self.expect("]").end, first, second, collection, None, value, grouped=False, condition=condition
            )
        items: list[Node] = []
        while self.kind != "]":
            items.append(self.expression())
            if self.kind == ",":
                self.take()
            elif self.kind != "]":
                raise self.wrong("expected , or ]")
        return ListOf(start, self.take().end, tuple(items))

    def object_of(self, start: int) -> Node:
        self.take()
        self.skip_lines()
        if self.kind == WORD and self.now.value == "for" and self.ahead().kind == WORD:
            self.take()
            first, second, collection = self.intro()
            self.expect(":")
            key = self.expression()
            self.expect("=>")
            value = self.expression()
            grouped = self.kind == "..."
            if grouped:
                self.take()
            condition = self.condition()
            return For(start, self.expect("}").end, first, second, collection, key, value, grouped, condition)
        items: list[tuple[Node, Node]] = []
        while True:
            while self.kind in {LINE, ","}:
                self.take()
            if self.kind == "}":
                return ObjectOf(start, self.take().end, tuple(items))
            key = self.key()
            if self.kind not in {"=", ":"}:
                raise self.wrong("expected = after the key")
            self.take()
            self.skip_lines()
            items.append((key, self.expression()))
            if self.kind not in {",", LINE, "}"}:
                raise self.wrong("expected a new line or ,")

    def key(self) -> Node:
        """The key of an object: a bare word is a text, whatever it is called."""
        token = self.now
        if token.kind == WORD and self.ahead().kind in {"=", ":"}:
            self.take()
            return Literal(token.start, token.end, token.value)
        key = self.expression()
        if isinstance(key, Get):
            raise HclError(key.start, "a reference as key stands in parentheses")
        return key

    # Templates.

    def template(self, start: int, end: int, parts: list[Piece]) -> Node:
        queue = _Pieces(lexer.trimmed(parts))
        out, stop = self.sequence(queue)
        if stop is not None:
            raise HclError(stop.start, f"unexpected %{{ {stop.value} }}")
        if not out:
            return Literal(start, end, "")
        if len(out) == 1 and isinstance(out[0], Literal):
            return Literal(start, end, out[0].value)
        return Template(start, end, tuple(out))

    def sequence(self, queue: _Pieces) -> tuple[list[Any], Token | None]:
        """Nodes up to a directive that closes them, and that directive."""
        out: list[Any] = []
        self.depth += 1
        if self.depth > _DEPTH:
            raise HclError(queue.parts[0].start, "the template is nested too deeply")
        while queue.at < len(queue.parts):
            part = queue.parts[queue.at]
            queue.at += 1
            if part.kind == "text":
                first = queue.at - 1
                while queue.at < len(queue.parts) and queue.parts[queue.at].kind == "text":
                    queue.at += 1
                run = queue.parts[first : queue.at]
                out.append(Literal(part.start, run[-1].end, "".join(one.value for one in run)))
                continue
            inner = _Parser(self.source, part.value)
            inner.depth = self.depth
            if part.kind == "${":
                out.append(Group(part.start, part.end, inner.expression()))
                inner.expect(END)
                continue
            word = inner.expect(WORD)
            if word.value == "if":
                out.append(self.directive_if(part, inner, queue))
            elif word.value == "for":
                out.append(self.directive_for(part, inner, queue))
            elif word.value in {"else", "endif", "endfor"}:
                inner.expect(END)
                self.depth -= 1
                return out, word
            else:
                raise HclError(word.start, f"{word.value} is no directive: there are if, else, endif, for and endfor")
        self.depth -= 1
        return out, None

    def directive_if(self, part: Piece, inner: _Parser, queue: _Pieces) -> Node:
        condition = inner.expression()
        inner.expect(END)
        yes, stop = self.sequence(queue)
        no: list[Any] = []
        if stop is not None and stop.value == "else":
            no, stop = self.sequence(queue)
        if stop is None or stop.value != "endif":
            raise HclError(part.start, "%{ if } has no %{ endif }")
        pair = (Template(part.start, part.end, tuple(yes)), Template(part.start, part.end, tuple(no)))
        return TemplateIf(part.start, part.end, condition, *pair)

    def directive_for(self, part: Piece, inner: _Parser, queue: _Pieces) -> Node:
        first, second, collection = inner.intro()
        inner.expect(END)
        body, stop = self.sequence(queue)
        if stop is None or stop.value != "endfor":
            raise HclError(part.start, "%{ for } has no %{ endfor }")
        return TemplateFor(part.start, part.end, first, second, collection, Template(part.start, part.end, tuple(body)))


class _Pieces:
    """The pieces of a template, and how many were read."""

    def __init__(self, parts: list[Piece]) -> None:
        self.parts = parts
        self.at = 0


def _whole(number: Token) -> Literal:
    """The index after a dot."""
    if not str(number.value).isdigit() or len(number.value) > 18:
        raise HclError(number.start, "an index must be a whole number")
    return Literal(number.start, number.end, int(number.value))


def _number(token: Token) -> Number:
    text = str(token.value)
    if len(text) > _DIGITS:
        raise HclError(token.start, "the number is too long")
    if text.isdigit():
        return int(text)
    exponent = text.lower().partition("e")[2]
    if len(exponent.lstrip("+-").lstrip("0")) > 4:
        raise HclError(token.start, "the number is too large or too small")
    return number_from(text)


def _named(kind: str) -> str:
    return {LINE: "a new line", END: "the end", WORD: "a name", TEXT: "a text", TEMPLATE: "a text"}.get(kind, kind)
