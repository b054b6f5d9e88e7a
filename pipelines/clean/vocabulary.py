"""What portals print around their articles, as data: phrases, labels, counters, image names.

Every phrase was seen on a portal or in its CMS's language files. Phrases are compared as keys
(case, tone placement, dashes and quotation marks folded). A phrase that may also be a heading
inside an article is no chrome by itself: it stands in ``_COLUMNS`` and counts only in a run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.clean.text import fold_key

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXACT = """
skip ribbon commands|skip to main content|skip to content|skip to navigation|skip to search
turn on more accessible mode|turn off more accessible mode|turn off animations|turn on animations
manage permissions|manage permissionsmanage permissions|version history
version historyversion history|approval status|attachments|version:|created at by
last modified at by|edit item|edit itemedit item|delete item|delete itemdelete item|close
sign in
xuất bản thông tin|chi tiết bài viết tin tức|chi tiết bài viết|tin tức chi tiết|print|send email
other news|publish date|ngày đăng/publish date|trạng thái/status|thăm dò ý kiến|bình chọn
biểu quyết|xem kết quả|kết quả bình chọn|back|quay lại|trở về|trở lại|về đầu trang|lên đầu trang
scroll to top|back to top|previous post|next post|previous/next post|trả lời|trả lời hủy
gửi bình luận|gửi phản hồi|viết bình luận|bình luận|ý kiến bạn đọc|ý kiến bạn đọc (0)|phản hồi
email của bạn sẽ không được hiển thị công khai.|góp ý kiến|gửi ý kiến|hủy|leave a comment
những tin mới hơn|những tin cũ hơn|tin mới hơn|tin cũ hơn|theo dòng sự kiện|các tin khác
các tin đã đưa|các bài viết khác|bài viết khác|tin khác|tin cùng chuyên mục|cùng chuyên mục
các tin liên quan|tin liên quan|tin tức liên quan|bài viết liên quan|bài viết cùng chuyên mục
bạn có thể quan tâm|có thể bạn quan tâm|đọc thêm|xem thêm|xem thêm...|đọc tiếp|tin mới nhất
tin mới|tin xem nhiều|tin đọc nhiều|đọc nhiều|xem nhiều|xem nhiều nhất|tin nổi bật|bài viết mới
bài viết mới nhất|in ra|in bài viết|in trang|bản in|in tin này|lưu bài viết này|gửi email
gửi bài viết|giới thiệu bài viết cho bạn bè|chia sẻ|chia sẻ bài viết|chia sẻ bài viết:|chia sẻ:
share|facebook|zalo|twitter|tweet|like|copy link|sao chép liên kết|nghe đọc bài|nghe bài viết
dừng|tải về|từ khóa|từ khóa:|tags|tags:|tag:|thống kê|thống kê truy cập|lượt truy cập
click để đánh giá bài viết|đánh giá bài viết|hãy là người đầu tiên bình luận bài này
bạn hãy là người đầu tiên bình luận|cỡ chữ|cỡ chữ:|font size:|font size|aa|a a|a a a|a- a a+
a+ a a-|a+ a-|a- a+|a+|a-|trang chủ|trang nhất|home|sơ đồ trang|sitemap|liên hệ|rss|đăng nhập
đăng ký|đăng xuất|tìm kiếm|tìm kiếm nâng cao|search|menu|english|tiếng việt|tiếng anh|null
điều hướng|điều hướng bài viết|nhảy đến nội dung|chuyển tới nội dung|angle-left|bài viết trước
bài viết tiếp theo|bài trước|bài tiếp theo|bài sau|← bài viết trước|bài viết tiếp theo →
để lại một bình luận|chi tiết tin tức|tập tin đính kèm|tệp đính kèm|file đính kèm|văn bản đính kèm
tài liệu kèm theo|tài liệu kèm theo:|văn bản kèm theo|văn bản kèm theo:|file kèm theo|file kèm theo:
chế độ xem|mặc định|giảm|tăng|tương phản|màn hình nền|ảnh đại diện|không hỗ trợ iframe
tương phản:|nghe đọc bài viết|nghe nội dung bài viết|nghe audio|đọc bài viết|tốc độ đọc|giọng đọc
giọng nữ|giọng nam|nữ miền bắc|nữ miền nam|nam miền bắc|nam miền nam|phóng to|thu nhỏ|cỡ chữ nhỏ
cỡ chữ lớn|lưu bài|lưu bài viết|lưu tin|gửi mail|gửi tin qua email|gửi cho bạn bè|sao chép link
chia sẻ facebook|chia sẻ qua zalo|in ấn|in bài|phiên bản in|bản để in|ý kiến phản hồi
đóng góp ý kiến|ý kiến của bạn|nội dung bình luận|mã xác nhận|mã bảo mật|nhập mã bảo mật
chưa có bình luận nào|chưa có bình luận nào cho bài viết|chưa có ý kiến nào|chưa có đánh giá
bài viết này có hữu ích không?|đánh giá:|bình chọn:|trang trước|trang sau|đầu trang|về trang trước
quay lại trang trước|« trước|sau »|xem tiếp|xem tất cả|xem chi tiết|xem nhanh|xem trực tuyến
xem tin theo ngày|xem theo ngày|tải file đính kèm|tải về máy|tài liệu đính kèm|tags :|quảng cáo
"""

_VIEWS = (
    "lượt (?:xem|đọc|truy cập|người xem|người đọc)|người xem|đã (?:xem|đọc)|số lần (?:xem|đọc)"
    "|views?|view count"
    "|số lượt (?:người đọc|xem|đọc)|lượt view"
)
_PRESENCE = (
    "đang truy cập|đang online|hôm nay|hôm qua|tuần này|tuần trước|tháng này|tháng trước"
    "|tháng hiện tại|tổng (?:số )?lượt truy cập|tổng truy cập|tổng cộng|máy chủ tìm kiếm"
    "|khách viếng thăm|thành viên online|trực tuyến|lượt truy cập|đang trực tuyến"
    "|số người (?:đang )?(?:trực tuyến|online|truy cập|xem)"
)
_SHARE = "facebook|zalo|twitter|email|pinterest|linkedin|print|in"

_PATTERNS = (
    r"[^\w]*",
    r"(?:turn (?:on|off) .{0,40}accessible mode.*)",
    r"(?:manage permissions[^\w]*|version history[^\w]*){1,6}",
    r"it looks like your browser does not have javascript enabled.*",
    r"content type: .{1,60}",
    r"version: ?[\d.]*",
    r"(?:created|last modified) at .{0,60}",
    r"cỡ chữ ?:? ?(?:font size)?.*\(a[-+]?\).*",
    r"(?:chào mừng (?:quý vị|bạn)|kính chào quý vị).{0,20}(?:đến với|ghé thăm|truy cập).{0,160}",
    r"tổng số điểm của bài viết là ?:.*",
    r".{0,200}xếp hạng ?: ?[\d.,]+ ?- ?\d+ phiếu bầu.*",
    r"(?:trung bình|đánh giá|bình chọn).{0,30}\(\d+ (?:phiếu|lượt|bình chọn|đánh giá)\)",
    r"(?:cách đây )?\d+ (?:giây|phút|giờ|ngày|tuần|tháng) trước|cách đây \d+ \w+",
    r"(?:tập tin|tệp(?: tin)?|file|văn bản|tài liệu) (?:đính|gắn) kèm ?:.{0,120}",
    r"(?:tải (?:về|xuống)|download).{0,100}\.(?:pdf|docx?|xlsx?|zip|rar)",
    r"bạn cần đăng nhập .{0,120}",
    r"(?:email|hotline|đường dây nóng|fax) ?:? ?[\w.@ ()+-]{4,60}",
    r"từ khó[a](?=\w).{1,100}",
    r"(?:(?:in trang|in bài|quay lại|về đầu trang|lên đầu trang|trở về|gửi email)[ |]*){2,}",
    r"quay (?:trở )?lại trang chủ.*",
    r"(?:leave a comment|\d+ comments?|để lại một bình luận|\d+ bình luận) / .{1,160}",
    r"(?:nhấn vào chia sẻ|click to share|bấm để chia sẻ) .*",
    r"chú ý ?: ?việc đăng lại bài viết.*",
    r"[>» ]+xem thêm ?:.*",
    r"\d{1,2}:\d\d ?/ ?\d{1,2}:\d\d|\d(?:\.\d{1,2})?x",
    r"(?:xem với|tăng|giảm) cỡ chữ.{0,20}",
    r"theo dõi .{2,40} trên google news",
    r"điểm(?: trung bình)? ?: ?[\d.,]+ ?/ ?\d+.{0,30}",
    r"\(?\d+ lượt đánh giá\)?",
    r"(?:\d{4}-\d\d-\d\dt[\d:+-]+ ?)+(?:https?://.*)?",
    r".{0,120}https?://[^ ]+\.(?:png|jpe?g|gif|svg|webp)",
    rf"(?:{_VIEWS})(?: ?:? ?\(?views? ?:?)? ?:? ?[\d., ]*\)?(?:lần)?(?: ?\|.{{0,20}})?",
    r"[\d.,]+ (?:lượt (?:xem|đọc|truy cập|người xem)|views?|bình luận|phản hồi)",
    r"(?:phản hồi|bình luận|ý kiến(?: bạn đọc)?) ?:? ?\(?\d{1,6}\)?",
    rf"[•●▪*\-+> ]*(?:{_PRESENCE}) ?:? ?[\d.,]+",
    r"bạn đã không sử dụng site.*",
    r".{0,20}trình duyệt của bạn đã tắt chức năng hỗ trợ javascript.*",
    r"website chỉ làm việc khi bạn bật nó trở lại.*",
    r"mọi (?:phản ánh|thông tin|góp ý|ý kiến).{0,60}(?:tòa soạn|độc giả|bạn đọc|tin, bài).{0,160}",
    r"(?:© ?|copyright|bản quyền (?:thuộc|©)|chung nhan tin nhiem).{0,200}",
    r"(?:vui lòng |yêu cầu |đề nghị )?ghi rõ nguồn.{0,120}",
    r"trả lời / email của bạn.*",
    r"email của bạn sẽ không được hiển thị.*",
    r"các trường bắt buộc được đánh dấu.*",
    r"(?:chuyên mục|danh mục|được đăng trong|posted in|filed under) ?: ?.{1,60}",
    r"(?:từ khóa|tags?|thẻ) ?: ?.{1,200}",
    r"tổng số (?:bài viết|tin|điểm) ?: ?[\d.,]+",
    r"thời gian chờ ?:? ?\d+ giây.*",
    r"(?:trang|page) ?:? ?\d{1,4}(?: ?/ ?\d{1,4})?",
    r"\[?(?:trở về|quay lại|về đầu trang|lên đầu trang|in trang này)\]?",
    r"\* ?mời (?:bạn đọc|quý vị|các bạn) .{0,40}(?:vào chuyên mục|xem tiếp|đón đọc).*",
    rf"(?:{_SHARE})(?:[ |,/]+(?:{_SHARE}))+",
)

_COLUMNS = """
tiêu đề|hình ảnh|hình ảnh mô tả|ảnh đại diện|tóm tắt|nội dung|link thay thế nội dung
link thay thế|ngày xuất bản|ngày đăng|ngày hết hạn|tin nổi bật (cick)|tin nổi bật (click)
tin nổi bật|tác giả|nguồn|nguồn tin|loại bài viết|loại tin|chuyên mục|số trang|số ảnh|số tiền
tin liên quan|trạng thái|lịch sử|số lượt người đọc|lượt xem|số lượt xem|phân loại|thứ tự|từ khóa
approval status|attachments|content type|title|created|modified|created by|modified by|file đính kèm
tệp đính kèm|mô tả|ghi chú|hiển thị|nhuận bút|duyệt|người duyệt|ngày duyệt|đăng tin|audio|video
"""

# what closes an article: related lists, comments and the statistics of the site come after it
_ENDS = """
ý kiến bạn đọc|những tin mới hơn|những tin cũ hơn|tin mới hơn|tin cũ hơn|theo dòng sự kiện
các tin khác|các tin đã đưa|các bài viết khác|bài viết khác|tin khác|tin cùng chuyên mục
tin đã đăng|các tin đã đăng|các tin đã đăng khác|tin bài khác|các bài khác|các bài đã đăng
các tin mới|các tin cũ|tin tức khác|tin cùng loại|tin cùng chủ đề|bài cùng chuyên mục
các bài viết cùng chuyên mục|bài viết cùng chủ đề|bài liên quan|tin bài liên quan|các tin tiếp
tin tiếp theo|xem tin tiếp theo|bài đọc nhiều nhất|quý vị có thể quan tâm
các tin cũ hơn|các tin mới hơn|tin đã đưa|các bài cũ hơn|các bài mới hơn|liên kết website
cùng chuyên mục|các tin liên quan|tin liên quan|tin tức liên quan|bài viết liên quan
bài viết cùng chuyên mục|bạn có thể quan tâm|có thể bạn quan tâm|tin mới nhất|tin xem nhiều
tin đọc nhiều|đọc nhiều|xem nhiều|other news|thống kê truy cập|thăm dò ý kiến|bài viết mới
bài viết mới nhất|click để đánh giá bài viết|gửi phản hồi|trả lời|leave a comment
post navigation|leave a reply|recent posts|recent comments|điều hướng bài viết
"""


# the imprint at the foot of every page
_FOOT = (
    r"(?:cơ quan chủ quản|cơ quan chủ trì|đơn vị chủ quản"
    r"|giấy phép(?: số| xuất bản| thiết lập| hoạt)"
    r"|chịu trách nhiệm(?: chính| nội dung| xuất bản| quản lý)|tổng biên tập|trưởng ban biên tập"
    r"|thiết kế (?:và|bởi|website)|bản quyền (?:thuộc|©)|copyright ©|©|phát triển bởi"
    r"|xây dựng bởi|đang truy cập|\d+ thoughts? on |\d+ (?:bình luận|suy nghĩ) (?:về|trên) [“\"])"
)


def _phrases(text: str) -> frozenset[str]:
    return frozenset(
        fold_key(phrase) for line in text.strip().splitlines() for phrase in line.split("|")
    )


_CHROME = _phrases(_EXACT)
_LABELS = _phrases(_COLUMNS)
_CLOSING = _phrases(_ENDS)
_RELATED = frozenset(phrase for phrase in _CLOSING if "liên quan" in phrase or "quan tâm" in phrase)
_IMPRINT = re.compile(
    fold_key(rf"{_FOOT}|(?:trang|cổng|báo|bản quyền)\b.*(?:giấy phép|bản quyền|ghi rõ nguồn)")
)
_CHROME_PATTERN = re.compile("|".join(f"(?:{fold_key(line)})" for line in _PATTERNS))
_IMAGE_TYPE = re.compile(
    r"\.(?:jpe?g|png|gif|bmp|webp|jfif)(?![a-z])|\.(?:jpe?g|png)", re.IGNORECASE
)
_IMAGE_STEM = re.compile(r"[ ,;|]*[\w%().~+-][\w %().~+-]{0,150}")
LONGEST = 260  # characters; no line of chrome that was seen is longer
_LONGEST_LABEL = 60
_FORM = 3  # labels in a row that make a form


def is_chrome(line: str) -> bool:
    """Say whether a whole line belongs to the page around the article, whatever its neighbours.

    Counters, ratings, font-size bars, navigation, share bars, forms and image file names are
    chrome; bylines and date lines are not (they are read first), nor are words that may head a
    paragraph ("Nội dung"): see ``chrome_run``.
    """
    if len(line) > LONGEST:
        return False
    key = fold_key(line).strip("•●▪►»> \t")
    return key in _CHROME or _CHROME_PATTERN.fullmatch(key) is not None or is_image_name(line)


def is_image_name(line: str) -> bool:
    """Say whether a line is nothing but file names of pictures ("Danvan-1.jpgDanvan-2.jpg")."""
    if len(line) > LONGEST or "." not in line:
        return False
    *stems, rest = _IMAGE_TYPE.split(line)
    return bool(stems) and not rest.strip(" ,;|") and all(map(_IMAGE_STEM.fullmatch, stems))


def is_label(line: str) -> bool:
    """Say whether a line is the bare name of a list form's column ("Tiêu đề", "Nội dung")."""
    return len(line) <= _LONGEST_LABEL and fold_key(line).rstrip(" :*") in _LABELS


_ONWARD = re.compile(
    r"\W*(?:(?:xem|đọc) (?:thêm|tiếp|chi tiết|toàn bài)|chi tiết|read more)\W*", re.IGNORECASE
)


def is_onward(text: str) -> bool:
    """Tell the link below a teaser that leads to its article, and names nothing else."""
    return _ONWARD.fullmatch(text) is not None


def is_closing(line: str) -> bool:
    """Say whether a line opens what follows an article: related, comments, counts, imprint."""
    if len(line) > LONGEST:
        return False
    key = fold_key(line).strip("•●▪►»> :.\t")
    return key in _CLOSING or _IMPRINT.match(key) is not None


def is_related(line: str) -> bool:
    """Say whether a closing line heads related articles, which may also stand within an article."""
    key = fold_key(line).strip("•●▪►»> :.\t") if len(line) <= _LONGEST_LABEL else ""
    return key in _RELATED


def chrome_run(lines: Sequence[str], start: int) -> int:
    """Give the end of the run of column labels that begins at ``start`` (``start``: no run).

    Three labels in a row, chrome lines between them allowed, are the form; one or two may be
    headings of the article.
    """
    if not is_label(lines[start]):
        return start
    labels, at, end = 0, start, start
    while at < len(lines) and ((label := is_label(lines[at])) or is_chrome(lines[at])):
        labels += label
        at += 1
        if label:
            end = at
    return end if labels >= _FORM else start


_NUMBER = r"(\d(?:[\d.,]| (?=\d{3}\b))*)"
_COUNTERS = (
    ("rating_points", re.compile(rf"tổng số điểm của bài viết là ?: ?{_NUMBER}")),
    ("rating_votes", re.compile(r"tổng số điểm của bài viết là ?:.* trong (\d[\d.,]*) đánh giá")),
    ("rating", re.compile(rf"xếp hạng ?: ?{_NUMBER}")),
    ("rating_votes", re.compile(rf"xếp hạng ?:.*- ?{_NUMBER} phiếu")),
    (
        "views",
        re.compile(
            r"(?:lượt (?:người )?(?:xem|đọc)|số lần (?:xem|đọc)|đã (?:xem|đọc)|view count|views?)"
            rf"(?: ?:? ?\(?views? ?:?)? ?:? ?{_NUMBER}"
        ),
    ),
    ("views", re.compile(rf"{_NUMBER} (?:lượt (?:người )?(?:xem|đọc)|views?)\b")),
    ("comments", re.compile(rf"(?:bình luận|phản hồi) ?:? ?\(?{_NUMBER}")),
)
_TAGS = re.compile(r"(?:từ kh(?:óa|oá)|tags?|thẻ) ?: ?(.+)", re.IGNORECASE)
_COUNTER_HINT = re.compile(r"xem|đọc|view|điểm|xếp hạng|bình luận|phản hồi")


def counters_in(line: str) -> dict[str, float]:
    """Read the counters of one chrome line: views, comments, rating, rating_votes, rating_points.

    "2.721" and "1,048" are thousands; only ``rating`` has decimals.
    """
    key = fold_key(line)
    if len(line) > LONGEST or not _COUNTER_HINT.search(key):
        return {}
    found: dict[str, float] = {}
    for name, pattern in _COUNTERS:
        if name not in found and (hit := pattern.search(key)):
            found[name] = count(hit[1]) if name != "rating" else float(hit[1].replace(",", "."))
    return found


def tags_in(line: str) -> tuple[str, ...]:
    """Read the keywords of a line such as "Từ khóa: dân vận, nông thôn mới" or "Tags: ..."."""
    found = _TAGS.match(line) if len(line) <= LONGEST else None
    tags = (tag.strip(" .#") for tag in re.split(r"[,;|]", found[1])) if found else ()
    return tuple(tag for tag in tags if tag)


def count(text: str) -> int:
    """Read a counter as printed, with dots or commas between the thousands."""
    return int(re.sub(r"\D", "", text))
