"""https://btg.dongthap.gov.vn/web/btg - Party committees on the Đồng Tháp Liferay farm."""

from crawler.families.liferay import Liferay
from crawler.portal import FILL, Door, Expectations


class HongNgu(Liferay):
    """Liferay 7; articles stand below /web/<site>/chi-tiet-bai-viet. Not yet met live."""

    id = "hongngu"
    name = "Ban Tuyên giáo và Dân vận - Thành ủy Hồng Ngự"
    hosts = ("btg.dongthap.gov.vn",)
    unit = "Đồng Tháp"
    doors = (Door("listing", "/web/btg"),)
    expect = Expectations(fill={**FILL, "published_at": 0.0})  # it prints none
