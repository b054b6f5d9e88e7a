"""The five content management systems, each as far as a crawler can see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.cms.fck import BaoAnGiang
from demo.cms.liferay import HongNgu
from demo.cms.nukeviet import HiepNinh
from demo.cms.sharepoint import AnGiangDcs
from demo.cms.wordpress import DanVanKheo

if TYPE_CHECKING:
    from demo.site import Site

SITES: tuple[type[Site], ...] = (DanVanKheo, AnGiangDcs, HiepNinh, HongNgu, BaoAnGiang)
