"""https://baocantho.com.vn/ - the newspaper and broadcaster of Cần Thơ."""

from crawler.families.fck import Fck
from crawler.portal import Expectations


class BaoCanTho(Fck):
    """fck; the first h1 is the breadcrumb, the lead is the first paragraph. Not yet met live."""

    id = "baocantho"
    name = "Báo và Phát thanh, Truyền hình Cần Thơ"
    hosts = ("baocantho.com.vn", "www.baocantho.com.vn")
    unit = "Cần Thơ"
    expect = Expectations(new_per_week=(100, 2_000))
