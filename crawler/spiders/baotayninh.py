"""https://baotayninh.vn/ - the newspaper and broadcaster of Tây Ninh."""

from crawler.families.mediatech import MediaTech
from crawler.portal import Expectations


class BaoTayNinh(MediaTech):
    """On Long An's system since the merger, on fck (-a<number>.html) before. Not yet met live."""

    id = "baotayninh"
    name = "Báo và phát thanh, truyền hình Tây Ninh"
    hosts = ("baotayninh.vn", "www.baotayninh.vn")
    unit = "Tây Ninh"
    expect = Expectations(new_per_week=(100, 2_000))
