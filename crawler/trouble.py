"""Say in one sentence why a run could not read its portal, from how its pages ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    End = tuple[Outcome, str]

# What says most of the cause comes first: behind a wall the doors cannot be read either.
RANK = (
    Outcome.OFFSITE, Outcome.PRIVATE_ADDRESS, Outcome.CHALLENGE, Outcome.BLOCKED, Outcome.LOGIN,
    Outcome.DENIED_BY_ROBOTS, Outcome.FAILED, Outcome.GONE, Outcome.EMPTY, Outcome.TIMED_OUT,
    Outcome.TOO_LARGE, Outcome.BAD_ENCODING, Outcome.BAD_CONTENT,
)  # fmt: skip
OPEN = frozenset({Outcome.DOOR, Outcome.LISTING, Outcome.NOT_MODIFIED})
CERTIFICATE = "certificate"
_ELSEWHERE = re.compile(r"refused (\S+)")
_CODES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.CHALLENGE: (
        "challenge",
        "{root} shows a challenge wall instead of its pages: {detail}",
    ),
    Outcome.BLOCKED: ("blocked", "{root} refuses every page: {detail}"),
    Outcome.LOGIN: ("login", "{root} wants a login: {detail}"),
    Outcome.DENIED_BY_ROBOTS: ("robots", "robots.txt of {root} now forbids what is to be read"),
    Outcome.PRIVATE_ADDRESS: ("private", "{root} leads to a private address: {detail}"),
    Outcome.GONE: ("gone", "{root} answers {detail} to every page"),
    Outcome.EMPTY: ("empty", "{root} answers 200 with nothing in it"),
}
_FAILING = re.compile(r"http\.5\d\d")
_FAULTS = (
    (CERTIFICATE, re.compile(r"certificate verify failed"), "{root} has a bad certificate: {said}"),
    ("dns", re.compile(r"network\.dns"), "the name of {root} is not found"),
    ("timeout", re.compile(r"network\.timeout"), "{root} does not answer in time"),
    ("away", re.compile(r"'SSL routines', '[^']*', '([^']*)'"), "{root} is away: TLS: {said}"),
    ("away", re.compile(r"network\.\w+: ([^:]*)"), "{root} is away: {said}"),
    ("failing", _FAILING, "{root} answers {said} to every page"),
)  # fmt: skip


def trouble_of(
    fault: str, root: str, front: Iterable[End], others: Iterable[End]
) -> tuple[str, str]:
    """Give a stable code and a sentence for a run that ended with ``fault`` ("": none).

    ``front`` are the ends of doors and listings, ``others`` those of articles.
    """
    if not fault:
        return "", ""
    front = tuple(front)
    # many portals lack a feed or a map: where another door opens, that is not the trouble
    opened = any(outcome in OPEN for outcome, _ in front)
    for ends in (others,) if opened else (front, others):
        bad = [end for end in ends if end[0] in RANK]
        if bad:
            return _named(fault, root, min(bad, key=lambda end: RANK.index(end[0])))
    return "no_articles" if "no address of an article" in fault else "fault", fault


def _named(fault: str, root: str, end: End) -> tuple[str, str]:
    outcome, detail = end
    if outcome is Outcome.OFFSITE and (found := _ELSEWHERE.search(detail)):
        return "moved", f"{root} leads to {found[1]}: has it moved? then change its hosts"
    ill = outcome is Outcome.BLOCKED and _FAILING.search(detail)  # it refuses nobody
    if outcome in _CODES and not ill:
        code, text = _CODES[outcome]
        return code, text.format(root=root, detail=detail)
    for code, pattern, text in _FAULTS:
        if found := pattern.search(detail):
            return code, text.format(root=root, said=found[found.lastindex or 0])
    return "unreadable", f"{fault} ({outcome}: {detail})"
