from __future__ import annotations

import pytest

from pipelines.clean.vocabulary import (
    chrome_run,
    counters_in,
    is_chrome,
    is_closing,
    is_image_name,
    is_label,
    is_related,
)


@pytest.mark.parametrize(
    "line",
    [
        "Skip Ribbon Commands",
        "Manage PermissionsManage Permissions",
        "|",
        "Version History",
        "Content Type: Tin Tức Mở Rộng",
        "Created at by",
        "Lượt người xem: Views: 259",
        "Cỡ chữ: Font size: Giảm (A-) Mặc định (A) Tăng (A+)",
        "Chào mừng quý vị đến với Cổng thông tin điện tử Đảng bộ tỉnh!",
        "Tổng số điểm của bài viết là: 10 trong 2 đánh giá",
        "Xếp hạng: 5 - 2 phiếu bầu",
        "Click để đánh giá bài viết",
        "• Tổng lượt truy cập194,104",
        "Bạn đã không sử dụng Site, Bấm vào đây để duy trì trạng thái đăng nhập.",
        "A A",
        "Từ khoá: dân vận, hội nghị",
        "Scroll to Top",
        "Danvan-1.jpgDanvan-2.JPG",
        "Leave a Comment / Tin hoạt động / By Ban Biên tập",
        "Tải về: danh-sach.pdf",
        "Cách đây 3 giờ",
        "Nghe đọc bài viết",
        "Nữ miền Bắc",
        "0:00 / 3:12",
        "1.5x",
        "Xem với cỡ chữ :",
        "Tương phản:",
        "Gửi tin qua email",
        "In ấn",
        "Theo dõi Báo Chính phủ trên Google News",
        "Chưa có bình luận nào cho bài viết",
        "Điểm: 5/5 (2 đánh giá)",
        "Đã đọc: 120 lần",
        "Xem tin theo ngày",
        "Tài liệu đính kèm",
    ],
)
def test_chrome_is_known(line: str) -> None:
    assert is_chrome(line)


@pytest.mark.parametrize(
    "line",
    [
        "Nội dung",
        "Tác giả",
        "Quang cảnh hội nghị",
        "Hôm nay là ngày hội của toàn dân",
        "Mọi ý kiến đóng góp xin gửi về UBND xã trước ngày 22/4/2019.",
        "Từ khó khăn vươn lên",
        "Tin, ảnh: TRUNG HIẾU",
        "Thứ tư - 12/07/2023 11:46",
        "Xem thêm hồ sơ, đoàn kiểm tra kết luận: chi bộ làm tốt.",
        "x" * 400,
        "Tăng cỡ chữ ký của lãnh đạo trên văn bản điện tử",
        "Họ và tên",
        "Nhận xét",
        "Điểm trung bình môn: 7,5",
        "Thời gian: 07:30/08:30",
        "Đã đọc và nhất trí với nội dung báo cáo",
    ],
)
def test_an_articles_own_lines_are_no_chrome(line: str) -> None:
    assert not is_chrome(line)


def test_labels_are_chrome_only_in_a_run() -> None:
    lines = ["Tiêu đề", "Hình ảnh", "Approval Status", "Nội dung", "Sáng 5/6, xã họp."]
    assert chrome_run(lines, 0) == 4
    assert chrome_run(["Nội dung", "Tác giả", "Sáng 5/6, xã họp."], 0) == 0
    assert chrome_run(lines, 4) == 4
    assert is_label("Nội dung:")


@pytest.mark.parametrize(
    ("line", "counters"),
    [
        ("Lượt người xem: Views: 259", {"views": 259}),
        (
            "Tổng số điểm của bài viết là: 9 trong 2 đánh giá",
            {"rating_points": 9, "rating_votes": 2},
        ),
        ("Xếp hạng: 4.7 - 26 phiếu bầu", {"rating": 4.7, "rating_votes": 26}),
        ("Đã xem: 2.721", {"views": 2721}),
        ("1,048 lượt xem", {"views": 1048}),
        ("Lượt xem: 3 099", {"views": 3099}),
        ("Phản hồi: 4", {"comments": 4}),
        ("View count: 842", {"views": 842}),
        ("Đại hội bầu 15 đồng chí", {}),
    ],
)
def test_counters_become_numbers(line: str, counters: dict[str, float]) -> None:
    assert counters_in(line) == counters


def test_what_closes_an_article() -> None:
    assert is_closing("Ý kiến bạn đọc")
    assert is_closing("Cơ quan chủ quản: Tỉnh ủy. Giấy phép số 1/GP")
    assert is_closing("Tin liên quan")
    assert is_related("Tin liên quan")
    assert not is_related("Ý kiến bạn đọc")
    assert not is_closing("Ý kiến bạn đọc gửi về được tổng hợp và trả lời.")


def test_image_names() -> None:
    assert is_image_name("hinh anh 1.png")
    assert is_image_name("a.jpg, b.jpeg | c (2).PNG")
    assert not is_image_name("a.jpg" * 40 + "!x")
    assert not is_image_name("Xem ảnh tại trang baochi.vn")
