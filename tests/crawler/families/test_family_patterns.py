"""Addresses as the portals of each family write them: what is asked, followed, never asked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from crawler.families import FAMILIES

if TYPE_CHECKING:
    from crawler.portal import Portal


def portal_of(family: str) -> type[Portal]:
    base = FAMILIES[family]
    return type("Example", (base,), {"id": "example", "hosts": ("portal.example.vn",)})


def kind_of(family: str, target: str) -> str:
    portal = portal_of(family)
    for kind in ("deny", "article", "listing"):
        if getattr(portal, kind).search(target):
            return kind
    return "other"


GUID = "C4E82A4F-6AD3-4F2B-A1D5-ABFB01064AC7"
ADDRESSES = [
    ("nukeviet", "/vi/news/cong-tac-dang-khoi-van/hoi-nghi-trien-khai-6096.html", "article"),
    ("nukeviet", "/xay-dung-dang/thuong-truc-tinh-uy-lam-viec-189.html", "article"),
    ("nukeviet", "/phan-mem/Ra-mat-cong-ty-ma-nguon-mo-1.html", "article"),
    ("nukeviet", "/", "listing"),
    ("nukeviet", "/vi/news/dan-van/", "listing"),
    ("nukeviet", "/vi/news/dan-van/page-12/", "listing"),
    ("nukeviet", "/thong-bao/page-2/", "listing"),
    ("nukeviet", "/print/dan-van/hoi-nghi-6096.html", "deny"),
    ("nukeviet", "/savefile/dan-van/hoi-nghi-6096.html", "deny"),
    ("nukeviet", "/vi/users/login/", "deny"),
    ("nukeviet", "/vi/en/news/", "deny"),
    ("nukeviet", "/tag/dan-van", "deny"),
    ("nukeviet", "/seek/?q=x", "deny"),
    ("nukeviet", "/uploads/2024/a.pdf", "deny"),
    ("sharepoint", "/Lists/XayDungDang/DispForm.aspx?ID=5173", "article"),
    ("sharepoint", "/Lists/CapUy/DispForm.aspx?ID=128&PageIndex=15", "article"),
    ("sharepoint", "/noidung/tintuc/Pages/chi-tiet-tin-tuc.aspx?ItemID=5000", "article"),
    ("sharepoint", "/donvi/halong/Trang/ChiTietTinTuc.aspx?nid=4123", "article"),
    ("sharepoint", "/donvi/halong/Trang/TinTuc.aspx", "listing"),
    ("sharepoint", "/Lists/TuTuongVanHoa/TongQuat.aspx?PageIndex=40", "listing"),
    ("sharepoint", "/Pages/tin-tuc.aspx", "listing"),
    ("sharepoint", "/_layouts/15/AccessDenied.aspx", "deny"),
    ("sharepoint", "/Lists/CapUy/EditForm.aspx?ID=128", "deny"),
    ("liferay", "/web/btg/chi-tiet/-/asset_publisher/1mOz/content/id/7337177", "article"),
    ("liferay", "/tin-tuc/-/asset_publisher/k2Ab/content/hop-mat-ky-niem", "article"),
    ("liferay", "/trang-chu/-/view_content/123456-hoi-nghi-tong-ket.html", "article"),
    ("liferay", "/web/btg/tin-tuc", "listing"),
    ("liferay", "/web/btg/tin-tuc?p_p_id=101_INSTANCE_x&_101_INSTANCE_x_cur=3", "listing"),
    ("liferay", "/c/portal/update_language?languageId=en_US", "deny"),
    ("liferay", "/vi/vi/en/tin-tuc", "deny"),
    ("liferay", "/trang-chu/-/view_content/123456-hoi-nghi.html/vi", "deny"),
    ("liferay", "/web/btg/tin-tuc?p_p_id=58&p_p_lifecycle=1", "deny"),
    ("liferay", "/web/btg/tin-tuc?p_p_state=maximized", "deny"),
    ("liferay", "/c/portal/login?redirect=%2F", "deny"),
    ("wordpress", "/ky-ket-phoi-hop-cong-tac-dan-van/", "article"),
    ("wordpress", "/tin-tuc/ky-ket-phoi-hop-cong-tac.html", "article"),
    ("wordpress", "/", "listing"),
    ("wordpress", "/category/an-sinh-xa-hoi/", "listing"),
    ("wordpress", "/category/an-sinh-xa-hoi/page/3/", "listing"),
    ("wordpress", "/page/12/", "listing"),
    ("wordpress", "/ky-ket-phoi-hop-cong-tac-dan-van/?replytocom=7", "deny"),
    ("wordpress", "/wp-admin/post.php", "deny"),
    ("wordpress", "/wp-login.php", "deny"),
    ("wordpress", "/ky-ket-phoi-hop-cong-tac-dan-van/feed/", "deny"),
    ("wordpress", "/author/ban-bien-tap/", "deny"),
    ("wordpress", "/?s=hoi-nghi", "deny"),
    ("wordpress", "/gioi-thieu/", "other"),
    ("fck", "/thuong-truc-tinh-uy-lam-viec-a306012.html", "article"),
    ("fck", "/index.php/thuong-truc-tinh-uy-lam-viec-a306012.html", "article"),
    ("fck", "/xa-hoi/", "listing"),
    ("fck", "/xa-hoi/?page=21", "listing"),
    ("fck", "/van-de-su-kien/?p=4&d=", "listing"),
    ("fck", "/print/thuong-truc-tinh-uy-lam-viec-a306012.html", "deny"),
    ("fck", "/tim-kiem/An Giang.html", "deny"),
    ("fck", "/xem-bao/bao-ngay/", "deny"),
    ("fck", "/tang-cuong-phong-chong-dich-48437.aspx", "other"),
    ("onecms", "/thanh-pho-tang-qua-gia-dinh-chinh-sach-3318952.html", "article"),
    ("onecms", "/xa-hoi/y-te", "listing"),
    ("onecms", "/xa-hoi?page=2", "listing"),
    ("onecms", "/da-nang-ptag.html", "deny"),
    ("onecms", "/print/3318952.html", "deny"),
    ("onecms", "/fr/thanh-pho-tang-qua-3318952.html", "deny"),
    ("vnptnews", "/suc-khoe/202503/trien-khai-tiem-chung-93a196a/", "article"),
    ("vnptnews", "/chinh-tri/202112/hoi-nghi-tong-ket-941443/", "article"),
    ("vnptnews", "/95/64112/dung-mang-chat-doc-vao-nha/", "article"),
    ("vnptnews", "/chinh-tri/xay-dung-dang/", "listing"),
    ("vnptnews", "/tim-kiem/?key=hoi+nghi", "deny"),
    ("vnptnews", "/filehttp://baophuyen.vn//Upload/a.jpg", "deny"),
    ("mediatech", "/hoi-nghi-tong-ket-cong-tac-dan-van-88701.html", "article"),
    ("mediatech", "/hoi-nghi-tong-ket-cong-tac-dan-van-a169010.html", "article"),
    ("mediatech", "/quoc-phong-an-ninh/bien-gioi-bien-dao", "listing"),
    ("mediatech", "/epaper/bao-ngay", "deny"),
    ("mediatech", "/version/mobile", "deny"),
    ("ims", "/hop-bao-chinh-phu-thuong-ky-102260705170312345.htm", "article"),
    ("ims", "/tin/khai-mac-hoi-nghi-115241129123739455.htm", "article"),
    ("ims", "/thong-tin-hoat-dong.htm", "listing"),
    ("ims", "/xa-hoi/trang-2.htm", "listing"),
    ("ims", "/", "listing"),
    ("ims", "/video/bac-ninh-cai-cach-hanh-chinh-19782.htm", "deny"),
    ("ims", "/tim-kiem.htm?keywords=x", "deny"),
    ("ims", "/thoi-su.rss", "deny"),
    ("epi", "/khai-mac-hoi-nghi-trung-uong-post912345.html", "article"),
    ("epi", "/kinh-te/khai-mac-hoi-nghi-post912345.vnp", "article"),
    ("epi", "/xa-hoi/doi-song/", "listing"),
    ("epi", "/xa-hoi/?page=2", "listing"),
    ("epi", "/tu-khoa/nong-thon-moi.html", "deny"),
    ("epi", "/api/morenews-zone-5-1.html", "deny"),
    ("joomla", "/tin-tuc/hoat-dong/78-tin-trong-tinh/1430-hoi-nghi-bao-cao-vien.html", "article"),
    ("joomla", "/du-luan-xa-hoi/phan-hoi/13541-k%E1%BA%BFt-qu%E1%BA%A3-thang-01.html", "article"),
    ("joomla", "/index.php?option=com_content&view=article&id=1430:hoi-nghi", "article"),
    ("joomla", "/tin-tuc/hoat-dong.html?start=20", "listing"),
    ("joomla", "/index.php?option=com_content&view=category&layout=blog&id=34&Itemid=5", "listing"),
    ("joomla", "/index.php?view=article&id=7&option=com_content&layout=default&print=1", "deny"),
    ("joomla", "/index.php/tin-tuc/1430-hoi-nghi.html?tmpl=component&print=1", "deny"),
    ("joomla", "/component/users/?view=login", "deny"),
    ("joomla", "/tin-tuc.html?format=feed&type=rss", "deny"),
    (
        "dotnetnuke",
        f"/vi-vn/Tin-tuc/tid/Hoi-nghi/newsid/{GUID}/cid/{GUID}",
        "article",
    ),
    ("dotnetnuke", "/y-te/tin-tuc/chuyen-gia-khuyen-cao-813419", "article"),
    ("dotnetnuke", "/thong-bao/ID/3381/Lich-tiep-cong-dan", "article"),
    ("dotnetnuke", "/y-te/tin-tuc/p/2", "listing"),
    ("dotnetnuke", f"/vi-vn/Tin-tuc/cid/{GUID}", "listing"),
    ("dotnetnuke", "/Default.aspx?tabid=37&ctl=Login&returnurl=%2f", "deny"),
    ("dotnetnuke", "/tag/ngo-doc-thuc-pham-876.html", "deny"),
    ("aspportal", "/portal/pages/2023-01-30/Hoi-nghi-tong-ket-468686.aspx", "article"),
    ("aspportal", "/portal/Pages/2020-5-29/Uoc-tinh-thiet-haigaykd6fqr.aspx", "article"),
    ("aspportal", "/portal/Home/default.aspx", "listing"),
    ("aspportal", "/Default.aspx?sname=ubndnamdinh&sid=4&pageid=468", "listing"),
    ("aspportal", "/portal/pages/print.aspx?p=27996", "deny"),
    ("aspportal", "/portal/VanBan/2023-01/46d10d-full.pdf", "deny"),
    ("ministry", "/vn/tin-tuc/1196/93280/nang-muc-tran-thu-nhap.aspx", "article"),
    ("ministry", "/vn/tin-tuc/13245/dieu-chinh-chuong-trinh-muc-tieu.aspx", "article"),
    ("ministry", "/tintuc/Pages/tin-tong-hop.aspx?ItemID=8979", "article"),
    ("ministry", "/vn/chuyen-muc/1173/tin-hoat-dong.aspx?page=2", "listing"),
    ("ministry", "/tintuc/Pages/Thongbao.aspx?date=&EventID=0&Page=3", "listing"),
    ("ministry", "/_layouts/15/Authenticate.aspx", "deny"),
    ("generic", "/chi-tiet/hoi-nghi-tong-ket", "article"),
    ("generic", "/", "listing"),
    ("generic", "/?CateID=169&date=&page=2", "listing"),
    ("generic", "/?nid=55", "article"),
    ("generic", "/TIN/MOI.HTM", "article"),
    ("generic", "/index.php?option=com_mailto&link=aHR0", "deny"),
    ("generic", "/index.php?option=com_content&id=5:a&tmpl=component", "deny"),
    ("generic", "/dang-nhap", "deny"),
    ("generic", "/anh/hoi-nghi.jpg", "deny"),
]


@pytest.mark.parametrize(("family", "target", "kind"), ADDRESSES)
def test_address_is_recognised(family: str, target: str, kind: str) -> None:
    assert kind_of(family, target) == kind


SAME_DOCUMENT = [
    (
        "nukeviet",
        "http://portal.example.vn/vi/news/dan-van/ten-cu-6096.html",
        "https://portal.example.vn/vi/news/cong-tac-dang/ten-moi-6096.html",
    ),
    (
        "sharepoint",
        "https://portal.example.vn/Lists/CapUy/DispForm.aspx?ID=128&PageIndex=15",
        "https://portal.example.vn/lists/capuy/dispform.aspx?Source=%2F&ID=128",
    ),
    (
        "liferay",
        "https://portal.example.vn/web/btg/a/-/asset_publisher/1mOz/content/id/7337177",
        "https://portal.example.vn/web/btg/b/-/asset_publisher/Zz9/content/id/7337177?cur=2",
    ),
    (
        "fck",
        "https://portal.example.vn/ten-cu-a306012.html",
        "https://portal.example.vn/index.php/ten-moi-a306012.html",
    ),
    (
        "onecms",
        "https://portal.example.vn/ten-cu-3318952.html",
        "https://portal.example.vn/ten-moi-3318952.html?utm_source=zalo",
    ),
    (
        "joomla",
        "https://portal.example.vn/tin-tuc/78-tin/1430-hoi-nghi.html",
        "https://portal.example.vn/index.php?option=com_content&view=article&id=1430:ten-cu",
    ),
    (
        "dotnetnuke",
        f"https://portal.example.vn/vi-vn/A/tid/x/newsid/{GUID}",
        f"https://portal.example.vn/vi-vn/B/newsid/{GUID.lower()}/cid/1",
    ),
    (
        "dotnetnuke",
        "https://portal.example.vn/y-te/ten-cu-813419",
        "https://portal.example.vn/y-te/tin-tuc/ten-moi-813419",
    ),
    (
        "aspportal",
        "https://portal.example.vn/portal/pages/2023-01-30/Hoi-nghi-468686.aspx",
        "http://portal.example.vn/portal/Pages/2023-01-30/hoi-nghi-468686.aspx?fbclid=x",
    ),
    (
        "ministry",
        "https://portal.example.vn/vn/tin-tuc/1196/93280/ten-cu.aspx",
        "http://portal.example.vn/vn/tin-tuc/1173/93280/ten-moi.aspx",
    ),
    (
        "generic",
        "https://portal.example.vn/Tin.aspx?MenuID=4&NewsID=7&utm_source=x",
        "https://portal.example.vn/Tin.aspx?newsid=7&MenuID=9",
    ),
    (
        "generic",
        "https://portal.example.vn/xem.asp?ma=7&lang=vi&fbclid=x&_=1700",
        "https://portal.example.vn/xem.asp?ma=7",
    ),
    (
        "generic",
        "https://portal.example.vn/TIN/BAI1.HTM",
        "https://portal.example.vn/tin/Bai1.htm",
    ),
    (
        "generic",
        "https://portal.example.vn/index.php?option=com_content&id=5:a&Itemid=1",
        "https://portal.example.vn/index.php?option=com_content&id=5:a&Itemid=54",
    ),
    (
        "generic",
        "https://portal.example.vn/lich?month=11&year=2026",
        "https://portal.example.vn/lich?month=12&year=2026",
    ),
    (
        "wordpress",
        "https://portal.example.vn/ky-ket-phoi-hop/?utm_source=x",
        "http://portal.example.vn/ky-ket-phoi-hop",
    ),
]


@pytest.mark.parametrize(("family", "one", "other"), SAME_DOCUMENT)
def test_one_document_has_one_key(family: str, one: str, other: str) -> None:
    portal = portal_of(family)
    assert portal.document_key(one) == portal.document_key(other)


TWO_DOCUMENTS = [
    ("sharepoint", "/Lists/CapUy/DispForm.aspx?ID=128", "/Lists/CapUy/DispForm.aspx?ID=12"),
    ("sharepoint", "/Lists/CapUy/DispForm.aspx?ID=128", "/Lists/DanVan/DispForm.aspx?ID=128"),
    ("sharepoint", "/Trang/ChiTietTinTuc.aspx?nid=4123", "/Trang/ChiTietTinTuc.aspx?nid=412"),
    ("liferay", "/x/-/asset_publisher/a/content/id/1", "/x/-/asset_publisher/a/content/id/12"),
    ("joomla", "/a/1430-hoi-nghi.html", "/a/143-hoi-nghi.html"),
    (
        "joomla",
        "/index.php?option=com_content&view=article&id=7:a&Itemid=5",
        "/index.php?option=com_content&view=article&id=8:a&Itemid=5",
    ),
    ("dotnetnuke", "/thong-bao/ID/3381/Lich", "/thong-bao/ID/338/Lich"),
    ("ministry", "/tintuc/Pages/a.aspx?ItemID=1", "/tintuc/Pages/a.aspx?ItemID=2"),
    ("generic", "/tin?id=1", "/tin?id=2"),
    (
        "generic",
        "/x.php?option=com_content&id=5&Itemid=1",
        "/x.php?option=com_content&id=6&Itemid=1",
    ),
    ("generic", "/ChiTietTinTuc.aspx?nid=55", "/ChiTietTinTuc.aspx?nid=56"),
    ("generic", "/chi-tiet.aspx?tinid=7&cat=5", "/chi-tiet.aspx?tinid=8&cat=5"),
    ("generic", "/index.php?act=tin&idtin=7", "/index.php?act=video&idtin=7"),
    ("generic", "/xem.asp?ma=7", "/xem.asp?ma=8"),
]


@pytest.mark.parametrize(("family", "one", "other"), TWO_DOCUMENTS)
def test_two_documents_have_two_keys(family: str, one: str, other: str) -> None:
    portal = portal_of(family)
    root = "https://portal.example.vn"
    assert portal.document_key(root + one) != portal.document_key(root + other)


PAGES_OF_A_LISTING = [
    (
        "sharepoint",
        "/Lists/CapUy/TongQuat.aspx?PageIndex=1",
        "/Lists/CapUy/TongQuat.aspx?PageIndex=2",
    ),
    ("liferay", "/web/btg/tin?_101_INSTANCE_x_cur=1", "/web/btg/tin?_101_INSTANCE_x_cur=2"),
    ("fck", "/xa-hoi/?page=1", "/xa-hoi/?page=2"),
    ("joomla", "/tin-tuc.html?start=10", "/tin-tuc.html?start=20"),
    ("dotnetnuke", "/y-te/p/1", "/y-te/p/2"),
    ("ministry", "/vn/chuyen-muc/1/a.aspx?page=1", "/vn/chuyen-muc/1/a.aspx?page=2"),
    ("generic", "/tin-tuc?page=1", "/tin-tuc?page=2"),
    ("generic", "/tin-tuc?pagenumber=1", "/tin-tuc?pagenumber=2"),
    ("generic", "/trang/tinchuyenmuc.aspx?chuyenmuc=187", "/trang/tinchuyenmuc.aspx?chuyenmuc=5"),
    ("generic", "/?CateID=169&date=&page=1", "/?CateID=169&date=&page=2"),
]


@pytest.mark.parametrize(("family", "one", "other"), PAGES_OF_A_LISTING)
def test_pages_of_a_listing_are_told_apart(family: str, one: str, other: str) -> None:
    portal = portal_of(family)
    root = "https://portal.example.vn"
    assert portal.page_key(root + one) != portal.page_key(root + other)


@pytest.mark.parametrize("name", list(FAMILIES))
def test_family_is_complete(name: str) -> None:
    family = FAMILIES[name]
    assert family.family == name
    assert family.doors
    assert name == "generic" or (family.rules and family.rules.family == name)
    assert all(urlsplit(door.path).path.startswith("/") for door in family.doors)


def test_unknown_family_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        FAMILIES["drupal"]
