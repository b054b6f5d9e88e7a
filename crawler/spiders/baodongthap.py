"""https://baodongthap.vn/ - the newspaper and broadcaster of Đồng Tháp."""

from crawler.families.fck import Fck
from crawler.portal import Expectations


class BaoDongThap(Fck):
    """fck; its articles up to about 2015 were .aspx pages. Not yet met live."""

    id = "baodongthap"
    name = "Báo và phát thanh, truyền hình Đồng Tháp"
    hosts = ("baodongthap.vn", "www.baodongthap.vn")
    unit = "Đồng Tháp"
    expect = Expectations(new_per_week=(100, 2_000))
