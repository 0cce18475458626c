"""Tokens of an expression or a template → syntax nodes, by recursive descent."""

from __future__ import annotations

from typing import Any

from partywall.terraform import lexer
from partywall.terraform.conversion import Number, number_from
from partywall.terraform.lexer import LINE, NUMBER, TEMPLATE, TEXT, WORD, Piece
from partywall.terraform.syntax import (
    Binary,
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
    Template,
    TemplateFor,
    TemplateIf,
    Unary,
)
from partywall.terraform.token_reader import MAX_DEPTH, TokenReader

_PRECEDENCE = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_DIGITS = 4096
_TERMS = frozenset({WORD, TEXT, NUMBER, TEMPLATE, "[", "{", "(", "-", "!"})


class ExpressionReader(TokenReader):
    """The grammar of expressions."""

    def expression(self) -> Node:
        """`condition ? yes : no`, or anything that binds tighter."""
        self.deeper("the expression is")
        left = self.term()
        kind = self.kinds[self.at]
        if kind in _PRECEDENCE:
            left = self.binary(left, 1)
            kind = self.kinds[self.at]
        if kind == "?":
            self.at += 1
            yes = self.expression()
            self.expect(":")
            no = self.expression()
            left = Conditional(left.start, no.end, left, yes, no)
        self.depth -= 1
        return left

    def binary(self, left: Node, least: int) -> Node:
        """Operators that bind at least as tight as a level, behind their first operand."""
        while True:
            operator = self.kinds[self.at]
            strength = _PRECEDENCE.get(operator, 0)
            if strength < least:
                return left
            self.at += 1
            right = self.term()
            while _PRECEDENCE.get(self.kinds[self.at], 0) > strength:
                right = self.binary(right, strength + 1)
            left = Binary(left.start, right.end, operator, left, right)

    def term(self) -> Node:
        """An operand with everything that belongs to it."""
        at = self.at
        kind, start = self.kinds[at], self.starts[at]
        if kind == WORD:
            if self.following() in {"(", "::"}:
                return self.postfix(start, self.call(start))
            word = self.values[at]
            self.at += 1
            if word in _CONSTANTS:
                return self.postfix(start, Literal(start, self.ends[at], _CONSTANTS[word]))
            return self.postfix(start, Name(start, self.ends[at], word))
        if kind == TEXT:
            self.at += 1
            return self.postfix(start, Literal(start, self.ends[at], self.values[at]))
        if kind not in _TERMS:
            raise self.wrong("expected an expression")
        if kind in {"-", "!"}:
            self.at += 1
            self.deeper("the expression is")
            operand = self.term()
            self.depth -= 1
            return Unary(start, operand.end, kind, operand)
        return self.postfix(start, self.primary(kind, start))

    def primary(self, kind: str, start: int) -> Node:
        """An operand that is no word and no plain text."""
        at = self.at
        if kind == "[":
            return self.list_of(start)
        if kind == "{":
            return self.object_of(start)
        self.at += 1
        if kind == NUMBER:
            return Literal(start, self.ends[at], self.number(at))
        if kind == TEMPLATE:
            return self.template(start, self.ends[at], self.values[at])
        inner = self.expression()
        return Group(start, self.ends[self.expect(")")], inner)

    def postfix(self, start: int, node: Node) -> Node:
        """Attributes, indexes and splats behind a term."""
        while True:
            kind = self.kinds[self.at]
            if kind == ".":
                self.at += 1
                at = self.at
                kind = self.kinds[at]
                if kind == WORD:
                    self.at += 1
                    node = Get(start, self.ends[at], node, self.values[at])
                elif kind == NUMBER:
                    self.at += 1
                    node = Index(start, self.ends[at], node, self.whole(at))
                elif kind == "*":
                    self.at += 1
                    node = self.splat(start, self.ends[at], node, full=False)
                else:
                    raise self.wrong("expected the name of an attribute")
            elif kind == "[":
                self.at += 1
                if self.kinds[self.at] == "*" and self.following() == "]":
                    self.at += 2
                    node = self.splat(start, self.ends[self.at - 1], node, full=True)
                else:
                    key = self.expression()
                    node = Index(start, self.ends[self.expect("]")], node, key)
            else:
                return node

    def splat(self, start: int, end: int, node: Node | None, *, full: bool) -> Node:
        """`[*]` takes everything that follows to each element; the old `.*` only attributes and `.0`."""
        steps: list[Any] = []
        while True:
            kind, following = self.kinds[self.at], self.following()
            if kind == "." and following == WORD:
                steps.append(self.values[self.at + 1])
                end = self.ends[self.at + 1]
                self.at += 2
            elif kind == "." and following == NUMBER:
                steps.append(self.whole(self.at + 1))
                end = self.ends[self.at + 1]
                self.at += 2
            elif kind == "." and following == "*" and not full:
                raise HclError(self.starts[self.at + 1], "a .* cannot follow another one: use [*]")
            elif full and kind == "[":
                self.at += 1
                if self.kinds[self.at] == "*" and self.following() == "]":
                    self.at += 2
                    inner = self.splat(start, self.ends[self.at - 1], None, full=True)
                    steps.append(inner)
                    return Splat(start, inner.end, node, tuple(steps))
                steps.append(self.expression())
                end = self.ends[self.expect("]")]
            else:
                return Splat(start, end, node, tuple(steps))

    def call(self, start: int) -> Node:
        """`name(arguments)`."""
        name = str(self.values[self.at])
        self.at += 1
        while self.kinds[self.at] == "::":
            self.at += 1
            name += "::" + str(self.values[self.expect(WORD)])
        self.expect("(")
        arguments: list[Node] = []
        spread = False
        while self.kinds[self.at] != ")":
            arguments.append(self.expression())
            if self.kinds[self.at] == "...":
                self.at += 1
                spread = True
                break
            if self.kinds[self.at] == ",":
                self.at += 1
            elif self.kinds[self.at] != ")":
                raise self.wrong("expected , or )")
        return Call(start, self.ends[self.expect(")")], name, tuple(arguments), spread)

    def intro(self) -> tuple[str, str | None, Node]:
        """`for k, v in collection`, from behind the `for`."""
        first = str(self.values[self.expect(WORD)])
        second = None
        if self.kinds[self.at] == ",":
            self.at += 1
            second = str(self.values[self.expect(WORD)])
        if not self.is_word("in"):
            raise self.wrong("expected in")
        self.at += 1
        return first, second, self.expression()

    def condition(self) -> Node | None:
        """`if condition` at the end of a `for`."""
        if self.is_word("if"):
            self.at += 1
            return self.expression()
        return None

    def list_of(self, start: int) -> Node:
        """`[a, b]` or `[for …]`."""
        self.at += 1
        if self.is_word("for") and self.following() == WORD:
            self.at += 1
            first, second, collection = self.intro()
            self.expect(":")
            value = self.expression()
            condition = self.condition()
            end = self.ends[self.expect("]")]
            return For(start, end, first, second, collection, None, value, grouped=False, condition=condition)
        items: list[Node] = []
        while self.kinds[self.at] != "]":
            items.append(self.expression())
            if self.kinds[self.at] == ",":
                self.at += 1
            elif self.kinds[self.at] != "]":
                raise self.wrong("expected , or ]")
        self.at += 1
        return ListOf(start, self.ends[self.at - 1], tuple(items))

    def object_of(self, start: int) -> Node:
        """`{a = 1}` or `{for …}`."""
        self.at += 1
        self.skip_lines()
        if self.is_word("for"):
            return self.object_for(start)
        items: list[tuple[Node, Node]] = []
        while True:
            self.skip_lines()
            if self.kinds[self.at] == "}":
                self.at += 1
                return ObjectOf(start, self.ends[self.at - 1], tuple(items))
            key = self.key()
            if self.kinds[self.at] not in {"=", ":"}:
                raise self.wrong("expected = after the key")
            self.at += 1
            items.append((key, self.expression()))
            if self.kinds[self.at] == ",":
                self.at += 1
            elif self.kinds[self.at] not in {LINE, "}"}:
                raise self.wrong("expected a new line or ,")

    def object_for(self, start: int) -> Node:
        """`{for …}`, from the `for` on."""
        self.at += 1
        first, second, collection = self.intro()
        self.expect(":")
        key = self.expression()
        self.expect("=>")
        value = self.expression()
        grouped = self.kinds[self.at] == "..."
        self.at += grouped
        condition = self.condition()
        return For(start, self.ends[self.expect("}")], first, second, collection, key, value, grouped, condition)

    def key(self) -> Node:
        """The key of an object: a bare word is a text, whatever it is called."""
        at = self.at
        if self.kinds[at] == WORD and self.following() in {"=", ":"}:
            self.at += 1
            return Literal(self.starts[at], self.ends[at], self.values[at])
        key = self.expression()
        if isinstance(key, Get):
            raise HclError(key.start, "a reference as key stands in parentheses")
        return key

    def whole(self, at: int) -> Literal:
        """The index after a dot."""
        text = str(self.values[at])
        if not text.isdecimal() or len(text) > 18:
            raise HclError(self.starts[at], "an index must be a whole number")
        return Literal(self.starts[at], self.ends[at], int(text))

    def number(self, at: int) -> Number:
        """The exact number that a token spells."""
        text = str(self.values[at])
        if len(text) > _DIGITS:
            raise HclError(self.starts[at], "the number is too long")
        if text.isdecimal():
            return int(text)
        exponent = text.lower().partition("e")[2]
        if len(exponent.lstrip("+-").lstrip("0")) > 4:
            raise HclError(self.starts[at], "the number is too large or too small")
        return number_from(text)

    # Templates.

    def template(self, start: int, end: int, parts: list[Piece]) -> Node:
        """A template as a whole: a literal where it holds nothing but text."""
        queue = _Pieces(lexer.trimmed(parts))
        out, stop = self.sequence(queue)
        if stop is not None:
            raise HclError(stop.start, f"unexpected %{{ {stop.name} }}")
        if not out:
            return Literal(start, end, "")
        if len(out) == 1 and isinstance(out[0], Literal):
            return Literal(start, end, out[0].value)
        return Template(start, end, tuple(out))

    def sequence(self, queue: _Pieces) -> tuple[list[Any], Name | None]:
        """Nodes up to a directive that closes them, and that directive."""
        out: list[Any] = []
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise HclError(queue.parts[0].start, "the template is nested too deeply")
        while queue.at < len(queue.parts):
            part = queue.parts[queue.at]
            first = queue.at
            queue.at += 1
            if part.kind == "text":
                while queue.at < len(queue.parts) and queue.parts[queue.at].kind == "text":
                    queue.at += 1
                run = queue.parts[first : queue.at]
                out.append(Literal(part.start, run[-1].end, "".join(one.value for one in run)))
                continue
            inner = ExpressionReader(self.source, part.value)
            inner.depth = self.depth
            if part.kind == "${":
                out.append(Group(part.start, part.end, inner.expression()))
                inner.expect_end()
                continue
            at = inner.expect(WORD)
            word = Name(inner.starts[at], inner.ends[at], inner.values[at])
            if word.name == "if":
                out.append(self.directive_if(part, inner, queue))
            elif word.name == "for":
                out.append(self.directive_for(part, inner, queue))
            elif word.name in {"else", "endif", "endfor"}:
                inner.expect_end()
                self.depth -= 1
                return out, word
            else:
                raise HclError(word.start, f"{word.name} is no directive: there are if, else, endif, for and endfor")
        self.depth -= 1
        return out, None

    def directive_if(self, part: Piece, inner: ExpressionReader, queue: _Pieces) -> Node:
        """`%{ if }` up to its `%{ endif }`."""
        condition = inner.expression()
        inner.expect_end()
        yes, stop = self.sequence(queue)
        no: list[Any] = []
        if stop is not None and stop.name == "else":
            no, stop = self.sequence(queue)
        if stop is None or stop.name != "endif":
            raise HclError(part.start, "%{ if } has no %{ endif }")
        pair = (Template(part.start, part.end, tuple(yes)), Template(part.start, part.end, tuple(no)))
        return TemplateIf(part.start, part.end, condition, *pair)

    def directive_for(self, part: Piece, inner: ExpressionReader, queue: _Pieces) -> Node:
        """`%{ for }` up to its `%{ endfor }`."""
        first, second, collection = inner.intro()
        inner.expect_end()
        body, stop = self.sequence(queue)
        if stop is None or stop.name != "endfor":
            raise HclError(part.start, "%{ for } has no %{ endfor }")
        made = Template(part.start, part.end, tuple(body))
        return TemplateFor(part.start, part.end, first, second, collection, made)


class _Pieces:
    """The pieces of a template, and how many were read."""

    def __init__(self, parts: list[Piece]) -> None:
        self.parts = parts
        self.at = 0
