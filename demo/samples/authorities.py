"""Authorities: Party committees, provinces, departments, ministries."""

from __future__ import annotations

from demo.samples.sample import Sample


class DongNai(Sample):
    """Đồng Nai, NukeViet 4.5; its uploads still name Bình Phước, which joined it."""

    id = "dongnai"
    name = "Cổng thông tin điện tử tỉnh Đồng Nai"
    public = "https://dongnai.gov.vn"
    look = "nukeviet"
    article_path = "/vi/news/{section}/{slug}-{id}.html"
    section_path = "/vi/news/{section}/"
    image_path = "/uploads/binhphuoc/news/{at:%Y_%m}/{name}"
    file_path = "/uploads/binhphuoc/news/{at:%Y_%m}/{name}"
    date_form = "{weekday} - {at:%d/%m/%Y %H:%M}"
    prints = frozenset({"minute", "section", "tags", "views"})


class TuyenGiaoCanTho(DongNai):
    """The propaganda committee of Cần Thơ, NukeViet."""

    id = "tuyengiao_cantho"
    name = "Ban Tuyên giáo và Dân vận Thành ủy Cần Thơ"
    public = "https://bantuyengiao.cantho.gov.vn"
    image_path = "/uploads/news/{at:%Y_%m}/{name}"
    file_path = "/uploads/news/{at:%Y_%m}/{name}"


class SoTtttHaNoi(Sample):
    """A department of Hà Nội, Liferay 6.2; migrated items are stamped 12:00 AM."""

    id = "sotttt_hanoi"
    name = "Sở Thông tin và Truyền thông Hà Nội"
    public = "https://sotttt.hanoi.gov.vn"
    look = "liferay6"
    article_path = "/{section}/-/view_content/{id}-{slug}.html"
    image_path = "/documents/2734/{id}/{name}"
    file_path = "/documents/2734/{id}/{name}"
    date_form = "{at:%d/%m/%Y | %I:%M %p}"
    prints = frozenset({"minute", "section", "views"})


class BoXayDung(Sample):
    """The Ministry of Construction, on the ministries' template."""

    id = "moc"
    name = "Cổng thông tin điện tử Bộ Xây dựng"
    public = "https://moc.gov.vn"
    look = "ministry"
    article_path = "/vn/tin-tuc/{category}/{id}/{slug}.aspx"
    section_path = "/vn/chuyen-muc/{section}.aspx"
    image_path = "/Images/Tintuc/{at:%Y}/{name}"
    file_path = "/Images/FileVanBan/{name}"
    prints = frozenset({"minute", "section"})


class BoKhoaHoc(BoXayDung):
    """The Ministry of Science and Technology: counts readers, names authors."""

    id = "most"
    name = "Bộ Khoa học và Công nghệ"
    public = "https://most.mst.gov.vn"
    article_path = "/vn/tin-tuc/{id}/{slug}.aspx"
    date_form = "{weekday}, {at:%d/%m/%Y %H:%M} | Lượt xem: {views} |"
    prints = frozenset({"minute", "section", "views"})


class BoGiaoDuc(Sample):
    """The Ministry of Education and Training."""

    id = "moet"
    name = "Bộ Giáo dục và Đào tạo"
    public = "https://moet.gov.vn"
    look = "moet"
    article_path = "/tintuc/Pages/{section}.aspx?ItemID={id}"
    section_path = "/tintuc/Pages/{section}.aspx"
    image_path = "/content/tintuc/PublishingImages/{at:%Y/%m}/{name}"
    file_path = "/content/tintuc/Lists/News/Attachments/{id}/{name}"
    prints = frozenset({"minute"})


class ThuaThienHue(Sample):
    """Huế, DotNetNuke with a news module of its own."""

    id = "thuathienhue"
    name = "Cổng thông tin điện tử Thừa Thiên Huế"
    public = "https://thuathienhue.gov.vn"
    look = "dnn_portal"
    article_path = (
        "/vi-vn/{section}/tid/{slug}/newsid/{guid}/cid/94C0EBC4-0DD8-4B86-9947-A9150104E98B"
    )
    section_path = "/vi-vn/{section}"
    start_path = "/vi-vn/"
    image_path = "/Portals/0/{at:%Y-%m}/{name}"
    file_path = "/Portals/0/{at:%Y-%m}/{name}"
    date_form = "Ngày cập nhật {at:%d/%m/%Y %H:%M}"
    prints = frozenset({"minute", "views"})


class TuyenGiaoAnGiang(Sample):
    """The propaganda committee of An Giang, Joomla 3."""

    id = "tuyengiao_angiang"
    name = "Tuyên giáo An Giang"
    public = "http://tuyengiaoangiang.vn"
    look = "joomla"
    article_path = "/{section}/{id}-{slug}.html"
    section_path = "/{section}.html"
    image_path = "/images/tintuc/{at:%Y/%m}/{name}"
    file_path = "/images/vanban/{name}"
    date_form = "{weekday}, {at:%d} Tháng {at:%m %Y %H:%M}"
    dateline_form = "({dateline})- "
    prints = frozenset({"minute", "section", "views"})


class DienBien(Sample):
    """Điện Biên, the ASP.NET portal: the day stands in the address alone."""

    id = "dienbien"
    name = "Cổng thông tin điện tử tỉnh Điện Biên"
    public = "https://www.dienbien.gov.vn"
    look = "aspportal"
    article_path = "/portal/Pages/{at:%Y}-{at.month}-{at.day}/{slug}{hex}.aspx"
    section_path = "/portal/KenhTin/{section}.aspx"
    start_path = "/portal/Home/default.aspx"
    image_path = "/portal/Photos/{at:%Y-%m}/1d67bd21bda724dd{name}"
    file_path = "/portal/VanBan/{at:%Y-%m}/46d10d777eea9a0d{name}"
    prints = frozenset({"day"})


SAMPLES: tuple[type[Sample], ...] = (
    DongNai, TuyenGiaoCanTho, SoTtttHaNoi, BoXayDung, BoKhoaHoc, BoGiaoDuc, ThuaThienHue,
    TuyenGiaoAnGiang, DienBien,
)  # fmt: skip
