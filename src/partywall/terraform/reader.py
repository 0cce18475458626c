"""HCL text -> syntax tree, with recovery at the next block that begins at the left margin."""

from __future__ import annotations

import re
from bisect import bisect_left

from partywall.source import Source
from partywall.terraform import lexer
from partywall.terraform.expression_reader import ExpressionReader
from partywall.terraform.lexer import END, LINE, TEXT, WORD
from partywall.terraform.syntax import Argument, Block, Body, HclError, Node, SyntaxProblem

_TOP = re.compile(r"""^[a-z_]+(?:[ \t]+(?:"[^"\n]*"|[\w-]+))*[ \t]*\{""", re.MULTILINE)
_ERRORS = 100
_AGAIN = 4 * 1024 * 1024
"""How many characters may be read a second time on the way behind errors."""


def read_body(source: Source) -> tuple[Body, list[SyntaxProblem]]:
    """All arguments and blocks of a file, and what had to be skipped."""
    arguments: list[Argument] = []
    blocks: list[Block] = []
    problems: list[SyntaxProblem] = []
    reader = _BodyReader(source, lexer.tokens(source.text))
    again = 0
    while True:
        error = reader.fill(arguments, blocks)
        problems += reader.problems
        reader.problems = []
        if error is None:
            break
        problems.append(error)
        found = _TOP.search(source.text, reader.began + 1)
        if found is None:
            break
        at = found.start()
        if len(problems) >= _ERRORS or again > _AGAIN:
            problems.append(SyntaxProblem(at, "there are too many errors; the rest of the file was not read"))
            break
        if not reader.resume(at):
            again += len(source.text) - at
            reader = _BodyReader(source, lexer.tokens(source.text, at))
    return Body(tuple(arguments), tuple(blocks)), problems


def read_expression(source: Source) -> Node:
    """A whole text as one expression; raises HclError."""
    reader = ExpressionReader(source, lexer.tokens(source.text))
    reader.skip_lines()
    node = reader.expression()
    reader.skip_lines()
    reader.expect_end()
    return node


def read_template(text: str) -> Node:
    """A whole text as one template, as in JSON syntax and in files; raises HclError."""
    return ExpressionReader(Source("", text), lexer.Tokens()).template(0, len(text), lexer.pieces(text))


class _BodyReader(ExpressionReader):
    """The grammar of bodies. What is wrong and yet clear is a problem; what is not raises HclError."""

    def __init__(self, source: Source, tokens: lexer.Tokens) -> None:
        super().__init__(source, tokens)
        self.began = 0
        self.problems: list[SyntaxProblem] = []

    def fill(self, arguments: list[Argument], blocks: list[Block]) -> SyntaxProblem | None:
        """Add what stands at top level; give back the error that ended it, if one did."""
        seen: set[str] = set()
        while True:
            self.skip_lines()
            if self.kinds[self.at] == END:
                return None
            self.began = self.starts[self.at]
            try:
                self.item(arguments, blocks, END, seen)
            except HclError as error:
                return SyntaxProblem(error.offset, error.message)
            except RecursionError:
                return SyntaxProblem(self.began, "this is nested too deeply")

    def resume(self, offset: int) -> bool:
        """Go on at the token that begins at an offset; not possible where an open bracket has swallowed line ends."""
        at = bisect_left(self.starts, offset)
        if at >= len(self.starts) or self.starts[at] != offset or not at or self.kinds[at - 1] != LINE:
            return False
        self.at, self.depth = at, 0
        return True

    def body(self, block: int) -> Body:
        """Behind the opening brace of the block whose type is the token at an index, up to its closing brace."""
        arguments: list[Argument] = []
        blocks: list[Block] = []
        seen: set[str] = set()
        self.deeper("the block is")
        one_line = self.kinds[self.at] != LINE
        close = "}" if one_line else LINE
        while True:
            kind = self.kinds[self.at]
            if kind == LINE:
                if one_line and arguments:
                    message = "a block begun on one line ends on that line"
                    self.problems.append(SyntaxProblem(self.starts[self.at], message))
                one_line = False
                self.at += 1
            elif kind == "}":
                self.depth -= 1
                return Body(tuple(arguments), tuple(blocks))
            elif kind == END:
                raise HclError(self.starts[block], f"the block {self.values[block]} has no closing }}")
            else:
                if one_line and (blocks or self.following() != "="):
                    message = "a block on one line holds one argument at most"
                    self.problems.append(SyntaxProblem(self.starts[self.at], message))
                    one_line = False
                self.item(arguments, blocks, close, seen)

    def item(self, arguments: list[Argument], blocks: list[Block], close: str, seen: set[str]) -> None:
        """One argument or block."""
        at = self.at
        if self.kinds[at] != WORD:
            raise self.wrong("expected the name of an argument or a block")
        name, start, end = self.values[at], self.starts[at], self.ends[at]
        self.at += 1
        if self.kinds[self.at] == "=":
            self.at += 1
            node = self.expression()
            if name in seen:
                self.problems.append(SyntaxProblem(start, f"the argument {name} is set twice"))
            else:
                seen.add(name)
                arguments.append(Argument(start, end, name, node, self.source))
        else:
            labels: list[str] = []
            while self.kinds[self.at] in {TEXT, WORD}:
                labels.append(self.values[self.at])
                end = self.ends[self.at]
                self.at += 1
            if self.kinds[self.at] != "{":
                raise self.wrong(f"expected {'{ on the same line' if labels else '= or {'} after {name}")
            self.at += 1
            inner = self.body(at)
            self.at += 1
            blocks.append(Block(start, self.ends[self.at - 1], name, tuple(labels), inner, end, self.source))
        if self.kinds[self.at] not in {LINE, close}:
            if self.kinds[self.at] != "}":
                raise self.wrong("expected a new line")
            message = "the } that ends a block stands on a line of its own"
            self.problems.append(SyntaxProblem(self.starts[self.at], message))
