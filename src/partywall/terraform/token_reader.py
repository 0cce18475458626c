"""A position in a list of tokens: what is there, what was expected instead."""

from __future__ import annotations

from partywall.source import Source
from partywall.terraform.lexer import END, LINE, NUMBER, TEMPLATE, TEXT, WORD, Tokens
from partywall.terraform.syntax import HclError

MAX_DEPTH = 200

_NAMES = {LINE: "a new line", END: "the end", WORD: "a name", TEXT: "a text", TEMPLATE: "a text", NUMBER: "a number"}


class TokenReader:
    """Tokens of a source and the index of the next one; `kinds[at]` is looked at directly, because it is done often."""

    def __init__(self, source: Source, tokens: Tokens) -> None:
        self.source = source
        self.kinds, self.values, self.starts, self.ends = tokens.kinds, tokens.values, tokens.starts, tokens.ends
        self.at = 0
        self.depth = 0

    def following(self) -> str:
        """The kind of the token behind the next one."""
        return self.kinds[self.at + 1] if self.at + 1 < len(self.kinds) else END

    def is_word(self, word: str) -> bool:
        """Whether the next token is a certain bare word."""
        return self.kinds[self.at] == WORD and self.values[self.at] == word

    def expect(self, kind: str) -> int:
        """The index of the next token, which must be of a kind; reading goes on behind it."""
        at = self.at
        if self.kinds[at] != kind:
            raise self.wrong(f"expected {_NAMES.get(kind, kind)}")
        self.at += 1
        return at

    def expect_end(self) -> None:
        """Nothing may follow."""
        if self.kinds[self.at] != END:
            raise self.wrong("expected the end")

    def wrong(self, message: str) -> HclError:
        """An error at the next token: what was expected, and what is there."""
        kind, start = self.kinds[self.at], self.starts[self.at]
        if kind == "error":
            return HclError(start, str(self.values[self.at]))
        shown = str(self.values[self.at]) if kind in {WORD, NUMBER} else _NAMES.get(kind, kind)
        return HclError(start, f"{message}, found {shown}")

    def deeper(self, what: str) -> None:
        """One level further in; raises HclError beyond 200."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise HclError(self.starts[self.at], f"{what} nested too deeply")

    def skip_lines(self) -> None:
        """Go behind line ends."""
        while self.kinds[self.at] == LINE:
            self.at += 1
