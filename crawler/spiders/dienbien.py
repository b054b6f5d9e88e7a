"""https://www.dienbien.gov.vn/ - the province of Điện Biên."""

from crawler.families.aspportal import AspPortal


class DienBien(AspPortal):
    """The portal with /portal/Pages/; title and date controls are a guess. Not yet met live."""

    id = "dienbien"
    name = "Cổng thông tin điện tử tỉnh Điện Biên"
    hosts = ("www.dienbien.gov.vn", "dienbien.gov.vn")
    unit = "Điện Biên"
