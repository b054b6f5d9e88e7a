"""https://danvankheo-ketnoithongtin.vn/ - Dân vận khéo, An Giang and Hồ Chí Minh City."""

from crawler.families.wordpress import WordPress


class DanVanKheo(WordPress):
    """WordPress (Astra): prints no date, so the posts API dates its articles. Not yet met live."""

    id = "danvankheo"
    name = "Dân vận khéo - Kết nối thông tin"
    hosts = ("danvankheo-ketnoithongtin.vn",)
    unit = "An Giang"
