"""http://tuyengiaoangiang.vn/ - the propaganda committee of the Party in An Giang."""

from crawler.families.joomla import Joomla


class TuyenGiaoAnGiang(Joomla):
    """Joomla; newest article seen: January 2022. Not yet met live."""

    id = "tuyengiao_angiang"
    name = "Tuyên giáo An Giang"
    hosts = ("tuyengiaoangiang.vn", "www.tuyengiaoangiang.vn")
    scheme = "http"
    unit = "An Giang"
