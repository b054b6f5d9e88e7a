"""https://thvl.vn/ - the broadcaster of Vĩnh Long."""

from crawler.families.wordpress import WordPress


class Thvl(WordPress):
    """WordPress. Not yet met live."""

    id = "thvl"
    name = "Báo và phát thanh, truyền hình Vĩnh Long"
    hosts = ("thvl.vn", "www.thvl.vn")
    unit = "Vĩnh Long"
