"""https://baohaiphong.vn/ - the newspaper and broadcaster of Hải Phòng."""

from crawler.families.onecms import OneCms
from crawler.portal import Expectations


class BaoHaiPhong(OneCms):
    """onecms; older articles were taken over from baohaiphong.com.vn. Not yet met live."""

    id = "baohaiphong"
    name = "Báo và phát thanh, truyền hình Hải Phòng"
    hosts = ("baohaiphong.vn", "www.baohaiphong.vn")
    unit = "Hải Phòng"
    expect = Expectations(new_per_week=(100, 2_000))
