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
thành phố|thanh niên|nhà xuất bản|quốc học|đô thị|kế toán|đo đạc
"""
_BARE = "|".join(_WORDS.strip().splitlines()).split("|")
_LONGEST_FIRST = sorted(_BARE, key=len, reverse=True)

LOWER = "|".join(_LONGEST_FIRST)
"""The words as a pattern, without a capital."""
CAPITALISED = "|".join(word[0].upper() + word[1:] for word in _LONGEST_FIRST)
"""The words as a pattern, with a capital at the head."""
