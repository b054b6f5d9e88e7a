"""The CMS families: each module holds the page rules and URL patterns that its portals share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.portal import Portal

_CLASSES = {
    "nukeviet": "NukeViet",
    "sharepoint": "SharePoint",
    "liferay": "Liferay",
    "wordpress": "WordPress",
    "fck": "Fck",
    "onecms": "OneCms",
    "vnptnews": "VnptNews",
    "mediatech": "MediaTech",
    "ims": "Ims",
    "epi": "Epi",
    "joomla": "Joomla",
    "dotnetnuke": "DotNetNuke",
    "aspportal": "AspPortal",
    "ministry": "Ministry",
    "generic": "Generic",
}


class _Families(Mapping[str, "type[Portal]"]):
    """The portal class of each family by name; a family's module is imported when asked for."""

    def __getitem__(self, name: str) -> type[Portal]:
        module = import_module(f"crawler.families.{name if name in _CLASSES else _unknown(name)}")
        family: type[Portal] = getattr(module, _CLASSES[name])
        return family

    def __iter__(self) -> Iterator[str]:
        return iter(_CLASSES)

    def __len__(self) -> int:
        return len(_CLASSES)


def _unknown(name: str) -> str:
    raise KeyError(name)


FAMILIES: Mapping[str, type[Portal]] = _Families()
