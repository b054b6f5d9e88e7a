"""http://hiepninh.tayninh.gov.vn/ - Hiệp Ninh ward (since 2025-07-01 Tân Ninh ward), Tây Ninh."""

from crawler.families.nukeviet import NukeViet
from crawler.portal import Door


class HiepNinh(NukeViet):
    """NukeViet eGovernment 1.2 under the /vi/news/ prefix. Not yet met live."""

    id = "hiepninh"
    name = "Trang thông tin điện tử phường Hiệp Ninh"
    hosts = ("hiepninh.tayninh.gov.vn",)
    scheme = "http"
    unit = "Tây Ninh"
    doors = (Door("feed", "/vi/news/rss/"), Door("sitemap", "/sitemap.xml"), Door("listing", "/"))
