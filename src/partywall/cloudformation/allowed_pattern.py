"""The `AllowedPattern` of a parameter, as far as it says whether the parameter may be empty.

The pattern is read, not run: a pattern of somebody else's can keep an engine busy forever.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<escape>\\(?:[dDwWsShHvVtnrfaeRbBAZzG]|[^A-Za-z0-9]))
    | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
    | (?P<around>\(\?<?[=!])
    | (?P<open>\((?:\?(?:[:>]|<\w+>)|(?!\?)))
    | (?P<close>\))
    | (?P<bar>\|)
    | (?P<many>(?:[*?]|\{0+(?:,\d*)?\})[?+]?)
    | (?P<some>(?:\+|\{\d+(?:,\d*)?\})[?+]?)
    | (?P<anchor>[$^])
    | (?P<literal>[^\[(\\])""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ANCHORS = ("\\b", "\\B", "\\A", "\\Z", "\\z", "\\G")


def admits_nothing(pattern: str) -> bool:
    """Whether a pattern, which has to match all of a text, may match the empty one; so may one that is not understood.

    Every branch is a list of whether its items may match nothing. Anchors and what looks around take no room.
    """
    groups: list[list[list[bool]]] = [[[]]]
    around: list[bool] = [False]
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return True
        at, kind, text = token.end(), token.lastgroup, token[0]
        items = groups[-1][-1]
        if kind == "set" and "[" in text[1:]:
            return True
        if kind in ("open", "around"):
            groups.append([[]])
            around.append(kind == "around")
        elif kind == "close" and len(groups) > 1:
            branches = groups.pop()
            groups[-1][-1].append(around.pop() or any(map(all, branches)))
        elif kind == "bar":
            groups[-1].append([])
        elif kind == "many" and items:
            items[-1] = True
        elif kind != "some":
            items.append(kind == "anchor" or text in _ANCHORS)
    return len(groups) > 1 or any(map(all, groups[0]))
