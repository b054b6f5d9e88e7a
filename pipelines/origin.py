"""Which portal a text names as the one that it was taken from: "Theo Báo An Giang", "(TUAG) -"."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.records import Draft
    from pipelines.store.portals import StoredPortal

_ADDRESS = re.compile(r"https?://(?:www\.)?|^www\.")
_NO_NAME = re.compile(r"[^a-z0-9]+")
_LEAST = 4
"""Letters of a name; shorter ones begin too many others."""


def named_origin(draft: Draft, portals: Iterable[StoredPortal]) -> str:
    """Give the id of another portal that source or dateline name; empty when they name none.

    A name is a portal's id or name without marks and spaces, as "Báo An Giang", "BAOANGIANG" and
    "www.baoangiang.com.vn" all begin with.
    """
    named = [_squeezed(one) for one in (draft.source, draft.dateline) if one]
    for portal in portals if named else ():
        names = [name for one in (portal.id, portal.name) if len(name := _squeezed(one)) >= _LEAST]
        if portal.id != draft.portal and any(one.startswith(tuple(names)) for one in named):
            return portal.id
    return ""


def _squeezed(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.strip().casefold().replace("đ", "d"))
    return _NO_NAME.sub("", _ADDRESS.sub("", letters))
