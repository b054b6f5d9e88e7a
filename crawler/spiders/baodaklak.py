"""https://baodaklak.vn/ - the newspaper and broadcaster of Đắk Lắk."""

from crawler.families.vnptnews import VnptNews
from crawler.portal import Expectations


class BaoDakLak(VnptNews):
    """VNPT's newspaper system; month and a hexadecimal number in the address. Not yet met live."""

    id = "baodaklak"
    name = "Báo và phát thanh, truyền hình Đắk Lắk"
    hosts = ("baodaklak.vn", "www.baodaklak.vn")
    unit = "Đắk Lắk"
    expect = Expectations(new_per_week=(100, 2_000))
