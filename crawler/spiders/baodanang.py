"""https://baodanang.vn/ - the newspaper and broadcaster of Đà Nẵng."""

from crawler.families.onecms import OneCms
from crawler.portal import Expectations


class BaoDaNang(OneCms):
    """onecms; ids of seven digits, 3318952 in January 2026. Not yet met live."""

    id = "baodanang"
    name = "Báo và phát thanh, truyền hình Đà Nẵng"
    hosts = ("baodanang.vn", "www.baodanang.vn")
    unit = "Đà Nẵng"
    expect = Expectations(new_per_week=(100, 2_000))
