"""Functions over address blocks, in both address families."""

from __future__ import annotations

from partywall import address
from partywall.address import show_address
from partywall.terraform.function_table import Call, FunctionError, function


def parse_block(text: str) -> tuple[int, int, int]:
    """An address block with its host bits cleared; raises FunctionError."""
    try:
        return address.parse_block(text)
    except ValueError as error:
        raise FunctionError(str(error)) from error


def parse_address(text: str) -> tuple[int, int]:
    """An address with the bits of its family; raises FunctionError."""
    try:
        return address.parse_address(text)
    except ValueError as error:
        raise FunctionError(str(error)) from error


@function("cidrsubnet", "string", "number", "number", returns="string")
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


@function("cidrsubnets", "string", "number...", returns="list(string)")
def cidrsubnets(call: Call) -> object:
    """Consecutive parts of a block."""
    number, length, bits = parse_block(call.text(0))
    end = number + (1 << (bits - length))
    out = []
    for at in range(1, len(call)):
        longer = call.whole(at)
        fresh = length + longer
        if longer < 1 or fresh > bits:
            raise FunctionError(f"a prefix cannot be {longer} bits longer")
        size = 1 << (bits - fresh)
        start = (number + size - 1) // size * size
        if start + size > end:
            raise FunctionError("the block is too small for all parts")
        out.append(f"{show_address(start, bits)}/{fresh}")
        number = start + size
    return out


@function("cidrhost", "string", "number", returns="string")
def cidrhost(call: Call) -> object:
    """An address in a block, counted from its beginning or end."""
    number, length, bits = parse_block(call.text(0))
    size, at = 1 << (bits - length), call.whole(1)
    if not -size <= at < size:
        raise FunctionError(f"the block has no host {at}")
    return show_address(number + (at if at >= 0 else size + at), bits)


@function("cidrnetmask", "string", returns="string")
def cidrnetmask(call: Call) -> object:
    """The mask of an IPv4 block."""
    _, length, bits = parse_block(call.text(0))
    if bits != 32:
        raise FunctionError("only IPv4 has masks")
    return show_address((1 << 32) - (1 << (32 - length)), 32)


@function("cidrcontains", "string", "string", returns="bool")
def cidrcontains(call: Call) -> object:
    """Whether a block holds an address or another block."""
    number, length, bits = parse_block(call.text(0))
    other = call.text(1)
    first, inner, family = (
        parse_block(other) if "/" in other else (*parse_address(other)[:1], bits, parse_address(other)[1])
    )
    if family != bits:
        raise FunctionError("the address families differ")
    return inner >= length and first >> (bits - length) == number >> (bits - length)
