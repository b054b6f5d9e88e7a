"""https://www.qdnd.vn/ - the newspaper of the army."""

from crawler.families.dotnetnuke import DotNetNuke
from crawler.portal import Expectations


class QuanDoiNhanDan(DotNetNuke):
    """DotNetNuke; JSON-LD names the newsroom's street as author. Not yet met live."""

    id = "qdnd"
    name = "Báo Quân đội nhân dân"
    hosts = ("www.qdnd.vn", "qdnd.vn")
    expect = Expectations(new_per_week=(100, 2_000))
