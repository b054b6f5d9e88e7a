"""Words of several syllables in names of bodies: only the first syllable has a capital there.

"Ngân hàng Nhà nước" would end at "Nhà" by its capitals. The words are those behind which names in
13,000 articles were cut.
"""

from __future__ import annotations

_WORDS = """
nhà nước|trung ương|quốc tế|quốc gia|thế giới|hữu nghị|nhân dân|quân đội|công đoàn|xã hội|chính sách
đại học|cao đẳng|trung cấp|sư phạm|bách khoa|kinh tế|khoa học|tự nhiên|nhân văn|ngoại thương
ngoại ngữ|ngoại giao|kỹ thuật|kiến trúc|mỹ thuật|nghệ thuật|hành chính|quản lý
nhi đồng|quân y|ung bướu|da liễu|nhiệt đới|phụ sản|sản nhi|đa khoa|tâm thần|tim mạch|chỉnh hình
chấn thương|y học|cổ truyền|y dược|răng hàm mặt|tai mũi họng|nha khoa|thẩm mỹ|bệnh viện|dược phẩm
mỹ phẩm|thiết bị|y tế|thương mại|đầu tư|tập đoàn|dịch vụ|công nghệ|phát triển|xây dựng|tư vấn
kiểm toán|xuất nhập khẩu|kinh doanh|công nghiệp|nông nghiệp|nông thôn|nông sản|lương thực|thực phẩm
thủy sản|chế biến|sản xuất|cơ khí|điện lực|điện tử|phần mềm|giải pháp|bất động sản|địa ốc
chứng khoán|bảo hiểm|tài chính|ngân hàng|vận tải|giao thông|hàng không|hàng hải|du lịch|giải trí
môi trường|năng lượng|dầu khí|cấp nước|viễn thông|truyền thông|thông tin|quảng cáo|giáo dục|đào tạo
văn hóa|thể thao|lao động|một thành viên|hạ tầng|vật liệu|may mặc|nội thất
thành phố|thanh niên|nhà xuất bản|quốc học|đô thị|kế toán|đo đạc|liên bang|công thương|quân sự
công cộng|an ninh|cảnh sát|thủ đô|luật|nhân lực
"""
# in titles alone: behind a body's name many of them are verbs
_IN_TITLES = """
công ty|trung tâm|chỉ đạo|kế hoạch|chính trị|quản trị|nghiên cứu|điều hành|phẫu thuật|cảnh sát
chính phủ|giám đốc|văn hoá|học viện|thành viên|chuyên môn|chủ tịch|chi nhánh|bộ môn|an toàn
pháp luật|dinh dưỡng|bảo vệ|bảo tồn|chiến lược|bộ phận|bảo tàng|truyền hình|hồi sức|ngân sách
đại biểu|hỗ trợ|tổng cục|tham mưu|đại sứ|nhà báo|lý luận|sức khỏe|sinh viên|công tác|mầm non
tiểu học|xuất bản|điện ảnh|chất lượng|hợp tác|dự án|tổng hợp|truyền máu
"""
# ... and these stand in titles without a capital as well
_SMALL_IN_TITLES = """
công ty|tổng công ty|trung tâm|quản trị|cán sự|giám đốc|học viện|thành viên|chuyên môn|chủ tịch
chi nhánh|bộ môn|bộ phận|truyền hình|ban chỉ đạo|quản lý dự án|mầm non|tiểu học
"""


def _split(lines: str) -> list[str]:
    """Give the words, a longer one before its beginning."""
    return sorted("|".join(lines.strip().splitlines()).split("|"), key=len, reverse=True)


def _capitalised(lines: str) -> str:
    return "|".join(word[0].upper() + word[1:] for word in _split(lines))


LOWER = "|".join(_split(_WORDS))
"""The words as a pattern, without a capital."""
CAPITALISED = _capitalised(_WORDS)
"""The words as a pattern, with a capital at the head."""
OF_TITLES = "|".join(
    (CAPITALISED, _capitalised(_IN_TITLES), "|".join(_split(_SMALL_IN_TITLES)), LOWER)
)
"""The words of people's titles as a pattern."""
