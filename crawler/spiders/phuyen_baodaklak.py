"""https://phuyen.baodaklak.vn/ - the former newspaper of Phú Yên, which joined Đắk Lắk."""

from crawler.families.vnptnews import VnptNews


class PhuYenBaoDakLak(VnptNews):
    """VNPT's newspaper system; moved here from baophuyen.vn in July 2025. Not yet met live."""

    id = "phuyen_baodaklak"
    name = "Phú Yên online"
    hosts = ("phuyen.baodaklak.vn", "baophuyen.vn", "www.baophuyen.vn")
    unit = "Đắk Lắk"
