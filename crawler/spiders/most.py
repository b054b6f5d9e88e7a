"""https://most.mst.gov.vn/ - the Ministry of Science and Technology."""

from crawler.families.ministry import Ministry


class BoKhoaHoc(Ministry):
    """The ministries' SharePoint template; moved here from most.gov.vn. Not yet met live."""

    id = "most"
    name = "Bộ Khoa học và Công nghệ"
    hosts = ("most.mst.gov.vn", "most.gov.vn", "www.most.gov.vn")
