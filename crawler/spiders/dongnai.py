"""https://dongnai.gov.vn/ - the province of Đồng Nai, which Bình Phước joined."""

from crawler.families.nukeviet import NukeViet
from crawler.portal import Door


class DongNai(NukeViet):
    """NukeViet 4.5 under /vi/news/; uploads still name Bình Phước. Not yet met live."""

    id = "dongnai"
    name = "Cổng thông tin điện tử tỉnh Đồng Nai"
    hosts = ("dongnai.gov.vn", "www.dongnai.gov.vn")
    unit = "Đồng Nai"
    doors = (Door("feed", "/vi/news/rss/"), Door("sitemap", "/sitemap.xml"), Door("listing", "/"))
