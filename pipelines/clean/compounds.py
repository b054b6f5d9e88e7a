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
công cộng|an ninh|cảnh sát|thủ đô|luật|nhân lực|chính trị|báo chí|tuyên truyền|âm nhạc|ứng dụng
trực tuyến|bưu điện|bưu chính|tin học|chức năng
cà phê|y sinh
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
# of offices of the State ("Cục Quản lý thị trường") and of associations, institutes and funds
_OF_OFFICES = """
an toàn|vệ sinh|dự trữ|liên bang|thị trường|khám, chữa bệnh|khám chữa bệnh|phòng bệnh|dự phòng
xuất nhập cảnh|hình sự|điều tra|tội phạm|ma túy|phòng cháy, chữa cháy|phòng cháy chữa cháy|cứu nạn
cứu hộ|trật tự|tham nhũng|buôn lậu|hành chính|tư pháp|pháp chế|phát thanh|truyền hình|kinh tế số
điện tử|hải quan|di sản|điện ảnh|thuế|trẻ em|bà mẹ|sở hữu trí tuệ|đường bộ|đường sắt
đường thủy nội địa|nghệ thuật biểu diễn|biểu diễn|thanh tra|thống kê|tổ chức|cán bộ|thể dục
phòng chống|phòng, chống|bảo vệ thực vật|thực vật|bảo vệ|tần số vô tuyến điện|hợp tác|lãnh sự
lâm nghiệp|kiểm lâm|xuất bản|in và phát hành|đăng kiểm|người có công|xúc tiến|cạnh tranh
người tiêu dùng|chuyển đổi số|thủy lợi|chăn nuôi|thú y|trồng trọt|kiểm soát|đất đai|khoáng sản
bảo trợ|việc làm|dân số|biến đổi khí hậu|khí tượng thủy văn|thi hành án dân sự|dân sự|giám sát
trung học|mầm non|tiểu học|phổ thông|nghề nghiệp|thường xuyên|học sinh|sinh viên|cựu chiến binh
lễ tân|tín dụng|thanh toán|dự báo|bình đẳng giới|gia đình|thư viện|dân tộc|tôn giáo|tổng hợp
đối ngoại|tuyên giáo|dân vận|nội chính|nội vụ|dinh dưỡng|hàn lâm|nghiên cứu|huyết học|truyền máu
chiến lược|chính sách|kiểm nghiệm|tiêu chuẩn|chất lượng|thực phẩm|dược liệu|pháp y|doanh nghiệp
doanh nhân|doanh nhân trẻ|luật sư|công chứng|rau quả|cà phê|hồ tiêu|cá tra|bán lẻ|dệt may|thuốc lá
lúa gạo|trái cây|cây trồng|làm vườn|phụ nữ|thanh niên|người mù|người khuyết tật|người cao tuổi
khuyến học|bảo tồn|hỗ trợ|bình ổn|ngân sách|pháp luật|kiểm tra|nhân quyền|điều phối|nông thôn mới
vốn nhà nước|mặt trận|đoàn thể|chỉ đạo|thủy điện|giảm nghèo|bền vững|đô thị|cải cách|cấp cứu
hồi sức|tiêm chủng|giao thông|rửa tiền|ngoại hối|trong nước|chức vụ|kỷ luật|hạt nhân|công sản
thẩm định|xử lý|lịch sử|đấu giá|tài sản|quỹ đất|bệnh tật|khuyến nông|giống|dự án|khu vực|chi nhánh
các công trình|công trình|các khu công nghiệp|khu công nghiệp|khu kinh tế|rừng phòng hộ|di tích
công ích|phục hồi chức năng|bồi dưỡng|hội nghị|sáng tạo|khởi nghiệp|phòng ngừa
không gian mạng
"""


def _split(lines: str) -> list[str]:
    """Give the words, each once, a longer one before its beginning.

    Twice the same would be two ways to match it, and a row of them twice as many for each.
    """
    words = dict.fromkeys("|".join(lines.strip().splitlines()).split("|"))
    return sorted(words, key=len, reverse=True)


def _capitalised(lines: str) -> str:
    return "|".join(word[0].upper() + word[1:] for word in _split(lines))


_ALL_OF_OFFICES = _WORDS.rstrip() + _OF_OFFICES

LOWER = "|".join(_split(_WORDS))
"""The words as a pattern, without a capital."""
CAPITALISED = _capitalised(_WORDS)
"""The words as a pattern, with a capital at the head."""
OFFICE_HEAD = _capitalised(_ALL_OF_OFFICES)
"""The words with which an office's name begins, as a pattern."""
OFFICE = "|".join((OFFICE_HEAD, *_split(_ALL_OF_OFFICES)))
"""The words of an office's name as a pattern, with and without a capital."""
OF_TITLES = "|".join(
    (CAPITALISED, _capitalised(_IN_TITLES), "|".join(_split(_SMALL_IN_TITLES)), LOWER)
)
"""The words of people's titles as a pattern."""
