"""Newspapers and broadcasters of provinces."""

from __future__ import annotations

from calendar import SUNDAY
from typing import TYPE_CHECKING

from demo.samples.sample import Sample

if TYPE_CHECKING:
    from demo.content import Article


class OneCmsPaper(Sample):
    """A paper on onecms; pictures lie on a CDN."""

    look = "onecms"
    article_path = "/{slug}-{id}.html"
    image_path = "https://bqn.1cdn.vn/{at:%Y/%m/%d}/{name}"


class BaoDaNang(OneCmsPaper):
    """Đà Nẵng: "ĐNO - " opens the lead."""

    id = "baodanang"
    name = "Báo và phát thanh, truyền hình Đà Nẵng"
    public = "https://baodanang.vn"
    dateline_form = "{dateline} - "


class BaoHaiPhong(OneCmsPaper):
    """Hải Phòng."""

    id = "baohaiphong"
    name = "Báo và phát thanh, truyền hình Hải Phòng"
    public = "https://baohaiphong.vn"
    image_path = "https://bhd.1cdn.vn/{at:%Y/%m/%d}/{name}"


class BaoNgheAn(OneCmsPaper):
    """Nghệ An: captions in the second row of a picture's table."""

    id = "baonghean"
    name = "Báo và Phát thanh, Truyền hình Nghệ An"
    public = "https://baonghean.vn"
    image_path = "https://bna.1cdn.vn/{at:%Y/%m/%d}/{name}"


class BaoDakLak(Sample):
    """Đắk Lắk, on VNPT's newspaper system."""

    id = "baodaklak"
    name = "Báo và phát thanh, truyền hình Đắk Lắk"
    public = "https://baodaklak.vn"
    look = "vnptnews"
    article_path = "/{section}/{at:%Y%m}/{slug}-{hex}/"
    section_path = "/{section}/"
    image_path = "/file/ff8080818bb03877018bb2dc71b615ba/{at:%m%Y}/{name}"
    date_form = "{at:%H:%M, %d/%m/%Y}"


class PhuYenBaoDakLak(BaoDakLak):
    """The former newspaper of Phú Yên, kept as a sub-domain."""

    id = "phuyen_baodaklak"
    name = "Phú Yên online"
    public = "https://phuyen.baodaklak.vn"


class BaoTayNinh(Sample):
    """Tây Ninh since the merger with Long An."""

    id = "baotayninh"
    name = "Báo và phát thanh, truyền hình Tây Ninh"
    public = "https://baotayninh.vn"
    look = "mediatech"
    article_path = "/{slug}-{id}.html"
    image_path = "https://media.baotayninh.vn/upload/image/{at:%Y%m}/medium/{name}"
    prints = frozenset({"minute", "section"})

    def date(self, article: Article) -> str:
        """Give the weekday in figures: "Thứ 4, 01/12/2021 | 11:51:00 [GMT +7]"."""
        at = article.published
        day = "CN" if at.weekday() == SUNDAY else f"Thứ {at.weekday() + 2}"
        return f"{day}, {at:%d/%m/%Y | %H:%M:%S} [GMT +7]"


class FckPaper(Sample):
    """A paper on the fck system in the look of Cần Thơ: no lead of its own, a breadcrumb h1."""

    look = "fck"
    article_path = "/{slug}-a{id}.html"
    section_path = "/{section}/"
    image_path = "{public}/image/news/{at:%Y/%Y%m%d}/fckimage/{name}"
    date_form = "{at:%d/%m/%Y - %H:%M}"
    prints = frozenset({"minute"})


class BaoCanTho(FckPaper):
    """Cần Thơ."""

    id = "baocantho"
    name = "Báo và Phát thanh, Truyền hình Cần Thơ"
    public = "https://baocantho.com.vn"


class BaoCaMau(FckPaper):
    """Cà Mau."""

    id = "baocamau"
    name = "Báo và phát thanh, truyền hình Cà Mau"
    public = "https://baocamau.vn"


class BaoDongThap(FckPaper):
    """Đồng Tháp: the time of the last change is printed, to the second."""

    id = "baodongthap"
    name = "Báo và phát thanh, truyền hình Đồng Tháp"
    public = "https://baodongthap.vn"
    date_form = "Cập nhật ngày: {at:%d/%m/%Y %H:%M:%S}"
    dateline_form = "({dateline}) "


class QuanDoiNhanDan(Sample):
    """The army newspaper, on DotNetNuke."""

    id = "qdnd"
    name = "Báo Quân đội nhân dân"
    public = "https://www.qdnd.vn"
    look = "dnn_paper"
    article_path = "/{section}/{slug}-{id}"
    image_path = "https://file3.qdnd.vn/data/images/0/{at:%Y/%m/%d}/upload_2058/{name}"
    date_form = "{weekday}, {at:%d/%m/%Y - %H:%M}"
    prints = frozenset({"minute", "section", "tags"})


class Thvl(Sample):
    """The broadcaster of Vĩnh Long, on WordPress."""

    id = "thvl"
    name = "Báo và phát thanh, truyền hình Vĩnh Long"
    public = "https://thvl.vn"
    look = "wordpress"
    article_path = "/{slug}/"
    section_path = "/category/{section}/"
    image_path = "https://thvl.vn/wp-content/uploads/{at:%Y/%m}/{name}"


SAMPLES: tuple[type[Sample], ...] = (
    BaoDaNang, BaoHaiPhong, BaoNgheAn, BaoDakLak, PhuYenBaoDakLak, BaoTayNinh, BaoCanTho, BaoCaMau,
    BaoDongThap, QuanDoiNhanDan, Thvl,
)  # fmt: skip
