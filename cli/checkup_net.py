"""What gomtin doctor asks of the network: names, a way out, and each portal's robots.txt."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies

from cli.checkup_line import Check
from crawler.network.addresses import is_private
from pipelines.errors import Reject
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from config.settings import Settings
    from crawler.portal import Portal

CONNECT_SECONDS = 5.0
TRIED = 3  # hosts by which the way out is judged
REFUSED = {Outcome.DENIED_BY_ROBOTS, Outcome.CHALLENGE, Outcome.LOGIN}
UNREACHED = {Outcome.FAILED, Outcome.BLOCKED, Outcome.TIMED_OUT, Outcome.PRIVATE_ADDRESS}


def find_portals(ids: Sequence[str]) -> list[type[Portal]]:
    """Give the portals of these ids that have a spider file; the others were crawled by address."""
    from crawler.registry import find_portal, portal_ids

    known = set(portal_ids())
    return [find_portal(one) for one in ids if one in known]


def network_checks(
    settings: Settings, portals: Sequence[type[Portal]], passed: Callable[[], None]
) -> Iterator[Check]:
    """Check names, the way out, then each portal, at the pace of a crawl.

    ``passed`` is called after each portal.
    """
    if not portals:
        yield Check("network", "ok", "no portal is scheduled, so none was asked")
        return
    proxy = getproxies().get("https") or getproxies().get("http")
    if proxy:
        way, lost = _egress([_address(proxy)], "the proxy "), set()
    else:
        said = _names([portal.hosts[0] for portal in portals])
        yield from _name_checks(said)
        lost = {host for host, wrong in said.items() if wrong}
        way = _egress([_address(f"{one.scheme}://{one.hosts[0]}") for one in portals[:TRIED]])
    yield way
    if way.level == "ok":
        yield from _robots(settings, [one for one in portals if one.hosts[0] not in lost], passed)


def _robots(
    settings: Settings, portals: Sequence[type[Portal]], passed: Callable[[], None]
) -> Iterator[Check]:
    wrong = 0
    for portal in portals:
        check = robots_check(settings, portal)
        passed()
        if check.level != "ok":
            wrong += 1
            yield check
    if wrong < len(portals):
        yield Check("robots", "ok", f"{len(portals) - wrong} of {len(portals)} portals let us in")


def _names(hosts: Sequence[str]) -> dict[str, str]:
    """Resolve the hosts; give what is wrong with each, "" for nothing."""
    with ThreadPoolExecutor(8) as pool:
        return dict(zip(hosts, pool.map(_resolve, hosts), strict=True))


def _name_checks(said: Mapping[str, str]) -> Iterator[Check]:
    for host, wrong in said.items():
        if wrong:
            cure = "see that the name is right (hosts in its spider file) and the resolver works"
            yield Check("dns", "fail", f"{host}: {wrong}", cure)
    good = sum(not wrong for wrong in said.values())
    if good:
        yield Check("dns", "ok", f"{good} of {len(said)} hosts have a public address")


def _resolve(host: str) -> str:
    """Say what is wrong with a host's name, or nothing."""
    name, _, port = host.partition(":")
    try:
        found = socket.getaddrinfo(name, int(port or 80), type=socket.SOCK_STREAM)
    except OSError as error:
        return str(error.strerror or error)
    private = [str(one[4][0]) for one in found if is_private(str(one[4][0]))]
    return f"leads to the private address {private[0]}" if private else ""


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _egress(addresses: Sequence[tuple[str, int]], what: str = "") -> Check:
    """Open a connection to the first of them that takes one."""
    said = ""
    for host, port in addresses:
        try:
            socket.create_connection((host, port), CONNECT_SECONDS).close()
        except OSError as error:
            said = said or f"{what}{host}:{port}: {error.strerror or error}"
        else:
            return Check("egress", "ok", f"{what}{host}:{port} takes a connection")
    cure = "let this machine connect to ports 80 and 443 outside, or set HTTPS_PROXY"
    return Check("egress", "fail", f"no host takes a connection; {said}", cure)


def robots_check(settings: Settings, portal: type[Portal], base_url: str = "") -> Check:
    """Ask for robots.txt and, where it lets us, the portal's first door, as a crawl would."""
    from crawler.survey.survey import survey_portal
    from pipelines.store.runs import RunParams

    root = base_url or f"{portal.scheme}://{portal.hosts[0]}"
    door = urljoin(root + "/", portal.doors[0].path.replace("{page}", "1"))
    params = RunParams(base_url=base_url, only=(door,), limit=1, delay=0 if base_url else None)
    name = f"robots {portal.id}"
    try:
        survey = survey_portal(settings, portal.id, params, _unwatched)
    except Reject as error:
        return Check(name, "fail", str(error), "correct its spider file")
    ends = {(visit.outcome, visit.detail) for visit in survey.visits}
    for outcome, detail in sorted(ends):
        if outcome in REFUSED or (outcome is Outcome.BLOCKED and detail.startswith("robots.txt")):
            cure = "ask its operator, or pause it: gomtin schedule pause"
            return Check(name, "fail", f"{root}: {outcome} {detail}".strip(), cure)
    away = [(outcome, detail) for outcome, detail in ends if outcome in UNREACHED]
    if away or not ends:
        outcome, detail = min(away) if away else (Outcome.FAILED, survey.fault)
        cure = f"gomtin check {portal.id} looks closer; it may be down for the moment"
        return Check(name, "warn", f"{root}: {outcome} {detail}".strip(), cure)
    return Check(name, "ok", f"{root} may be read")


def _unwatched(totals: Mapping[Outcome, int]) -> None:
    """Take no notice of a survey's progress: it asks two addresses."""
