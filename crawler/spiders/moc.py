"""https://moc.gov.vn/ - the Ministry of Construction, since March 2025 with Transport."""

from crawler.families.ministry import Ministry


class BoXayDung(Ministry):
    """The ministries' SharePoint template; its robots.txt was a 404 in 2026. Not yet met live."""

    id = "moc"
    name = "Cổng thông tin điện tử Bộ Xây dựng"
    hosts = ("moc.gov.vn", "www.moc.gov.vn")
