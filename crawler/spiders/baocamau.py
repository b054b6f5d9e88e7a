"""https://baocamau.vn/ - the newspaper and broadcaster of Cà Mau."""

from crawler.families.fck import Fck
from crawler.portal import Expectations


class BaoCaMau(Fck):
    """fck, as the paper of Cần Thơ. Not yet met live."""

    id = "baocamau"
    name = "Báo và phát thanh, truyền hình Cà Mau"
    hosts = ("baocamau.vn", "www.baocamau.vn")
    unit = "Cà Mau"
    expect = Expectations(new_per_week=(100, 2_000))
