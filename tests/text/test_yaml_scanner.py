"""The scanner reads what the events of a parser would give, or leaves a text alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partywall import source
from partywall.cloudformation import detect
from partywall.source import Source, Span, UnreadableError
from partywall.text.node import Document, Mapping, Scalar, TextError, children
from partywall.text.structured import PlacedText
from partywall.text.yaml_events import read_events
from partywall.text.yaml_scalar import UnusualError
from partywall.text.yaml_scanner import MAX_DEPTH, scan

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
CORPUS = FIXTURES.parent.parent / "shared" / "corpus"

COMMON = """\
---
# A comment
Resources:   # another
  Queue:
    Type: AWS::SQS::Queue
    DependsOn:
    - Key
    - 'Topic' # why

    Properties:
      QueueName: !Sub "${AWS::StackName}-queue"
      Tags: [{Key: a, "Value": !Ref B}, {Key: 'it''s', Value: [1, -2, true, ~]}]
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt
        - Dead
        - Arn
      Empty:
      Nothing: []
      More: !If [Prod, {}, !Ref "AWS::NoValue"]
      "Quoted key": "a \\"b\\" \\n \\u00e9"
      Key with spaces : value
      'aws:Secure': "false"
  Function:
    Text: |
      one

        two
      three
    Stripped: !Sub |-
      one ${x}
    Kept: |+
      one

    Folded: >
      one
      two

      three
        four
      five
    Indented: |2
        one
    Plain: one
      two

      three
    Single: 'one
      two'
    Double: "one

      two"
    Steps:
      - - a
        - b
      -   Name: x
          Value: y
      - !Join
        - ','
        - - !Ref A
      -
        Name: z
      - ::/0
      - -1
    Long: {a: b,
      c: [d,
        e]}
    Below:
      !Ref Queue
"""


def shape(document: Document) -> list[object]:
    """Everything that is known of a document."""
    found: list[object] = [document.repeated]
    pending = [document.root]
    while pending:
        node = pending.pop()
        keys = [(key, entry.key) for key, entry in node.entries.items()] if isinstance(node, Mapping) else []
        value = node.value if isinstance(node, Scalar) else None
        runs = [(run.begin, run.end, run.offset) for run in value.runs] if isinstance(value, PlacedText) else []
        found.append((type(node), node.span, node.tag, node.anchor, type(value) is bool, value, keys, runs))
        pending.extend(children(node))
    return found


def same(text: str) -> bool:
    """Whether the scanner reads a text at all; if so, it must read it as the events do."""
    try:
        ours = scan(Source("a.yaml", text))
    except UnusualError:
        return False
    try:
        theirs = read_events(Source("a.yaml", text))
    except TextError as error:
        raise AssertionError(f"the scanner reads what is wrong: {error.message}: {text!r}") from error
    assert shape(ours) == shape(theirs), text
    return True


def test_what_people_write_is_read() -> None:
    assert same(COMMON)


def test_a_value_that_looks_like_the_begin_of_a_document_is_one() -> None:
    assert same("a: ---\nb: c")


def test_every_beginning_of_it_is_the_same() -> None:
    lines = COMMON.splitlines(keepends=True)
    read = sum(same("".join(lines[:at])) for at in range(len(lines)))
    assert read > len(lines) // 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "a",
        "a: &x 1",
        "a: *x",
        "<<: {}",
        "a: {<<: {}}",
        "? a",
        "%YAML 1.1\n---\na: 1",
        "a: 1\n---\nb: 2",
        "a: 1\n...\n",
        "a:\tb",
        "a:\n\t- b",
        "-\t\n  a: b",
        "a: |\n  \tb\n",
        "a: !<tag:yaml.org,2002:str> b",
        "a: !!str b",
        "a: b: c",
        "a: - b",
        "a:\n  b: -\n    c",
        "a: !Ref\n  0",
        "a: 'b",
        'a: "\\q"',
        'a: "\\ud800"',
        "a: [b, c",
        "a: [b: c]",
        "a: [b]#c",
        "a: {b: c} d #e",
        "a: b #\n  c",
        "a: ---\n- b",
        "a: |\n  b",
        "a: @b",
        "a: \x01",
        "a: 'b' c",
        "a: 1\n  b: 2",
        "a:\n    b: 1\n  c: 2",
        "- a\nb: c",
        "- " * (MAX_DEPTH + 1) + "a",
        "a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "k" * 300 + ": a",
    ],
)
def test_what_is_unusual_or_wrong_is_left(text: str) -> None:
    with pytest.raises(UnusualError):
        scan(Source("a.yaml", text))


_WORDS = [
    "a",
    "b1",
    "AWS::X",
    "1",
    "-",
    ":",
    "k:",
    "'",
    '"',
    "''",
    "[",
    "]",
    "{",
    "}",
    "!If",
    "|",
    "|-",
    "|+",
    "|2",
    ">",
    ">-",
    "#",
    "\\n",
    "\\",
    "?",
    "*a",
    "---",
    "...",
    "~",
    "null",
    "é",
    "%",
    "=",
]
_SPACED = [
    " ",
    "  ",
    "    ",
    "\n",
    "\n",
    "\n  ",
    "\n- ",
    "\n  - ",
    "- ",
    ": ",
    "k: ",
    ", ",
    "!Ref ",
    " # c",
    "&a ",
    "<<: ",
]
_PIECES = st.sampled_from([*_WORDS, *_SPACED, "\t", "\u2028"])


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_any_pieces_are_read_alike(text: str) -> None:
    same(text)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.lists(_PIECES, max_size=3).map("".join), st.integers(0, 3))
def test_a_changed_text_is_read_alike(begin: int, length: int, piece: str, lost: int) -> None:
    lines = COMMON.splitlines(keepends=True)
    first = begin % len(lines)
    some = "".join(lines[first : first + 1 + length % 12])
    at = length % (len(some) + 1)
    same(some[:at] + piece + some[at + lost :])


def _read(directory: Path) -> tuple[int, int]:
    """How many YAML templates below a directory the scanner reads, and how many there are."""
    read = found = 0
    for path in sorted(directory.rglob("*")):
        if path.suffix in (".yaml", ".yml", ".template") and path.is_file():
            try:
                text = source.read(str(path))
            except UnreadableError:
                continue
            if detect.sniff(text) and not detect.is_json(text):
                found += 1
                read += same(text.text)
    return read, found


@pytest.mark.parametrize("directory", [FIXTURES, pytest.param(CORPUS, marks=pytest.mark.slow)])
def test_nearly_every_template_is_read(directory: Path) -> None:
    if not directory.exists():
        pytest.skip("the shared corpus is not beside this checkout")
    read, found = _read(directory)
    assert read > 200
    assert read / found > 0.98


def test_a_place_is_that_of_the_text() -> None:
    root = scan(Source("a.yaml", "a:\n  - b: 'c'\n")).root
    assert isinstance(root, Mapping)
    assert root.entries["a"].key == Span("a.yaml", 1, 1, 1, 2)
    assert root.entries["a"].value.span == Span("a.yaml", 2, 3, 2, 11)
