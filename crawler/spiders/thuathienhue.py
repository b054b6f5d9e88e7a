"""https://thuathienhue.gov.vn/ - Huế, a province until 2025."""

from crawler.families.dotnetnuke import DotNetNuke
from crawler.portal import Door


class ThuaThienHue(DotNetNuke):
    """DotNetNuke; GUIDs in the address, the controls' names are a guess. Not yet met live."""

    id = "thuathienhue"
    name = "Cổng thông tin điện tử Thừa Thiên Huế"
    hosts = ("thuathienhue.gov.vn", "www.thuathienhue.gov.vn")
    unit = "Huế"
    doors = (Door("listing", "/vi-vn/"),)
