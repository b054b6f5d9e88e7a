"""https://baoangiang.com.vn/ - the newspaper of An Giang province."""

from crawler.families.fck import Fck
from crawler.portal import Expectations


class BaoAnGiang(Fck):
    """In-house newspaper CMS; ids grow with time (a298338 in March 2021). Not yet met live."""

    id = "baoangiang"
    name = "Báo An Giang"
    hosts = ("baoangiang.com.vn", "www.baoangiang.com.vn")
    unit = "An Giang"
    expect = Expectations(new_per_week=(100, 2_000))
