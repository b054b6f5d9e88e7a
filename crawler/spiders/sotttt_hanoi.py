"""https://sotttt.hanoi.gov.vn/ - information and communications, Hà Nội."""

from crawler.families.liferay import Liferay


class SoTtttHaNoi(Liferay):
    """Liferay 6.2; articles' addresses with /vi at the end are listings. Not yet met live."""

    id = "sotttt_hanoi"
    name = "Sở Thông tin và Truyền thông Hà Nội"
    hosts = ("sotttt.hanoi.gov.vn",)
    unit = "Hà Nội"
