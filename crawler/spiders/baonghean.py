"""https://baonghean.vn/ - the newspaper and broadcaster of Nghệ An."""

from crawler.families.onecms import OneCms
from crawler.portal import Expectations


class BaoNgheAn(OneCms):
    """onecms; captions in picture tables, translations under /en, /fr, ... Not yet met live."""

    id = "baonghean"
    name = "Báo và Phát thanh, Truyền hình Nghệ An"
    hosts = ("baonghean.vn", "www.baonghean.vn")
    unit = "Nghệ An"
    expect = Expectations(new_per_week=(100, 2_000))
