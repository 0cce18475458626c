"""Functions over address blocks, in both address families."""

from __future__ import annotations

import re

from partywall.terraform.function_table import Call, FunctionError, function

Block = tuple[int, int, int]
"""First address, prefix length, and bits of the family."""


def parse_block(text: str) -> Block:
    """An address block with its host bits cleared; raises FunctionError."""
    address, slash, prefix = text.partition("/")
    if not slash or not prefix.isdigit():
        raise FunctionError(f"{text!r} is no address block")
    number, bits = parse_address(address)
    length = int(prefix)
    if length > bits:
        raise FunctionError(f"{text!r} has a prefix that is too long")
    return number >> (bits - length) << (bits - length), length, bits


def parse_address(text: str) -> tuple[int, int]:
    """An address as number, with the bits of its family; leading zeros are decimal. Raises FunctionError."""
    if re.fullmatch(r"\d{1,10}(?:\.\d{1,10}){3}", text):
        octets = [int(part) for part in text.split(".")]
        if max(octets) <= 255:
            return int.from_bytes(bytes(octets)), 32
    elif ":" in text:
        groups = _groups(text)
        if groups is not None:
            return sum(group << (16 * (7 - at)) for at, group in enumerate(groups)), 128
    raise FunctionError(f"{text!r} is no address")


def _groups(text: str) -> list[int] | None:
    """The eight groups of an IPv6 address (RFC 4291 section 2.2)."""
    head, double, tail = text.partition("::")
    if "::" in tail:
        return None
    sides: list[list[int]] = []
    for side in (head, tail):
        groups: list[int] = []
        for part in side.split(":") if side else []:
            if "." in part:
                number, bits = parse_address(part)
                if bits != 32:
                    return None
                groups += [number >> 16, number & 0xFFFF]
            elif re.fullmatch(r"[0-9a-fA-F]{1,4}", part):
                groups.append(int(part, 16))
            else:
                return None
        sides.append(groups)
    missing = 8 - len(sides[0]) - len(sides[1])
    if missing < 0 or (missing > 0) is not bool(double):
        return None
    return [*sides[0], *[0] * missing, *sides[1]]


def show_address(number: int, bits: int) -> str:
    """An address in its usual spelling (RFC 5952 for IPv6)."""
    if bits == 32:
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    groups = [format(number >> (16 * at) & 0xFFFF, "x") for at in range(7, -1, -1)]
    text = ":".join(groups)
    runs = sorted(re.findall(r"(?:\b0(?::|$)){2,}", text), key=len, reverse=True)
    if not runs:
        return text
    head, _, tail = text.partition(runs[0])
    return f"{head.rstrip(':')}::{tail}"


@function("cidrsubnet", 3)
def cidrsubnet(call: Call) -> object:
    """A part of a block with a longer prefix."""
    number, length, bits = parse_block(call.text(0))
    return _subnet(number, length, bits, call.whole(1), call.whole(2))


def _subnet(number: int, length: int, bits: int, longer: int, at: int) -> str:
    fresh = length + longer
    if longer < 0 or fresh > bits:
        raise FunctionError(f"the prefix cannot be {longer} bits longer")
    if not 0 <= at < 1 << longer:
        raise FunctionError(f"there is no part {at}")
    return f"{show_address(number + (at << (bits - fresh)), bits)}/{fresh}"


@function("cidrsubnets", 1, None)
def cidrsubnets(call: Call) -> object:
    """Consecutive parts of a block."""
    number, length, bits = parse_block(call.text(0))
    end = number + (1 << (bits - length))
    out = []
    for at in range(1, len(call)):
        longer = call.whole(at)
        fresh = length + longer
        if longer < 1 or fresh > bits:
            raise FunctionError("a prefix does not fit")
        size = 1 << (bits - fresh)
        start = (number + size - 1) // size * size
        if start + size > end:
            raise FunctionError("the block is too small for all parts")
        out.append(f"{show_address(start, bits)}/{fresh}")
        number = start + size
    return out


@function("cidrhost", 2)
def cidrhost(call: Call) -> object:
    """An address in a block, counted from its beginning or end."""
    number, length, bits = parse_block(call.text(0))
    size, at = 1 << (bits - length), call.whole(1)
    if not -size <= at < size:
        raise FunctionError(f"the block has no host {at}")
    return show_address(number + (at if at >= 0 else size + at), bits)


@function("cidrnetmask", 1)
def cidrnetmask(call: Call) -> object:
    """The mask of an IPv4 block."""
    _, length, bits = parse_block(call.text(0))
    if bits != 32:
        raise FunctionError("only IPv4 has masks")
    return show_address((1 << 32) - (1 << (32 - length)), 32)


@function("cidrcontains", 2)
def cidrcontains(call: Call) -> object:
    """Whether a block holds an address or another block."""
    number, length, bits = parse_block(call.text(0))
    other = call.text(1)
    first, inner, family = parse_block(other) if "/" in other else (*parse_address(other)[:1], bits, parse_address(other)[1])
    if family != bits:
        raise FunctionError("the address families differ")
    return inner >= length and first >> (bits - length) == number >> (bits - length)


