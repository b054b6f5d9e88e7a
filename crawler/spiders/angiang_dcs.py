"""https://www.angiang.dcs.vn/ - the Party organisation of An Giang province."""

from crawler.families.sharepoint import SharePoint
from crawler.portal import Door


class AnGiangDcs(SharePoint):
    """SharePoint list forms, one list a section: TongQuat.aspx?PageIndex=. Not yet met live."""

    id = "angiang_dcs"
    name = "Cổng thông tin điện tử Đảng bộ tỉnh An Giang"
    hosts = ("www.angiang.dcs.vn", "angiang.dcs.vn")
    unit = "An Giang"
    doors = (Door("listing", "/"),)
