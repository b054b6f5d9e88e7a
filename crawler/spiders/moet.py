"""https://moet.gov.vn/ - the Ministry of Education and Training."""

from crawler.families.ministry import RULES, Ministry
from pipelines.clean.rules import DateRule


class BoGiaoDuc(Ministry):
    """Ids of its own (#news-title, #news-detail), no class on the date. Not yet met live."""

    id = "moet"
    name = "Bộ Giáo dục và Đào tạo"
    hosts = ("moet.gov.vn", "www.moet.gov.vn")
    rules = RULES.but(dates=(DateRule("ministry.printed", "#news-title + div p > span"),))
