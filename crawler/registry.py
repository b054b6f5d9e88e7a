"""Find portals: by id among the spider files, by host, or made up for a site without a file."""

from __future__ import annotations

import importlib
import pkgutil
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import crawler.spiders
from crawler.families import FAMILIES
from crawler.network.addresses import host_of
from crawler.portal import Portal
from pipelines.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNMET = "Not yet met live."  # in the docstring of a portal whose rules rest on descriptions


def portal_ids() -> list[str]:
    """List the ids of all portals that have a spider file, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(crawler.spiders.__path__))


def find_portal(portal_id: str) -> type[Portal]:
    """Give the portal with this id; raise Reject("portal.unknown") that names the nearest ones."""
    if portal_id not in portal_ids():
        raise unknown_portal(portal_id, portal_ids())
    module = importlib.import_module(f"crawler.spiders.{portal_id}")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Portal) and vars(value).get("id"):
            return value
    raise Reject("portal.empty", f"crawler/spiders/{portal_id}.py defines no portal with an id")


def unknown_portal(portal_id: str, known: Iterable[str]) -> Reject:
    """Say that no portal has this id, and which of the known ones are spelt nearly so."""
    near = ", ".join(get_close_matches(portal_id, sorted(known), cutoff=0.7))
    hint = f"did you mean {near}? " if near else ""
    text = f"no portal is called {portal_id!r}; {hint}gomtin portals lists them"
    return Reject("portal.unknown", text, portal=portal_id)


def all_portals() -> Iterator[type[Portal]]:
    """Yield every portal that has a spider file, by id."""
    return (find_portal(portal_id) for portal_id in portal_ids())


def met_live(portal: type[Portal]) -> bool:
    """Tell whether the portal's rules were ever compared with its live pages."""
    return UNMET not in (portal.__doc__ or "")


def portal_at(url: str) -> type[Portal] | None:
    """Give the portal whose allow-list holds the host of ``url``, if any."""
    host = host_of(url)
    for portal in all_portals():
        if host in {name.lower().removeprefix("www.") for name in portal.hosts}:
            return portal
    return None


def site_id(url: str) -> str:
    """Give the id of a site without a spider file: its host, as letters that suit a file name."""
    return re.sub(r"[^a-z0-9.-]", "-", host_of(url))


def site_portal(url: str, family: str) -> type[Portal]:
    """Make a portal of ``family`` for a site that has no spider file."""
    parts = urlsplit(url)
    attributes = {
        "__doc__": f"The site at {url}, without a spider file.",
        "id": site_id(url),
        "name": parts.netloc,
        "hosts": (parts.netloc.lower(),),
        "scheme": parts.scheme,
    }
    return type("SitePortal", (FAMILIES[family],), attributes)
