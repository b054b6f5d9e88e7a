"""https://bantuyengiao.cantho.gov.vn/ - Party propaganda and mass mobilisation, Cần Thơ."""

from crawler.families.nukeviet import NukeViet
from crawler.portal import Door


class TuyenGiaoCanTho(NukeViet):
    """NukeViet; it printed night hours in 2022, so its clock is to be checked. Not yet met live."""

    id = "tuyengiao_cantho"
    name = "Ban Tuyên giáo và Dân vận Thành ủy Cần Thơ"
    hosts = ("bantuyengiao.cantho.gov.vn",)
    unit = "Cần Thơ"
    doors = (Door("feed", "/vi/news/rss/"), Door("sitemap", "/sitemap.xml"), Door("listing", "/"))
