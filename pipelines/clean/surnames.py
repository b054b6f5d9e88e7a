"""Surnames of Vietnam, those of its smaller peoples too."""

from __future__ import annotations

SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Lí|Đinh|Đoàn|Trịnh|Mai"
    "|Trương|Lâm|Tô|Cao|Hà|Tạ|Thái|Châu|Chau|Lương|Lưu|Tăng|Quách|La|Kiều|Diệp|Thạch|Sơn|Kim|Danh"
    "|Triệu|Vương|Tống|Đào|Phùng|Từ|Nghiêm|Giang|Trang|Mạc|Đồng|Khổng|Bạch|Viên|Néang|Neáng|Chu|Lại"
    "|Vi|Hứa|Khuất|Ninh|Tôn|Đàm|Bành|Đậu|Thân|Lục|Tất|Doãn|Cù|Âu|Thẩm|Nông|Lữ|Phí|Cấn|Nhữ|Mã|Sầm"
    "|Lò|Lô|Quàng|Cầm|Lường|Tòng|Giàng|Sùng|Vàng|Lầu|Thào|Ma|Bế|Siu|Ksor|Kpă"
    "|Chiêm|Đổng|Tiêu|Khưu|Khương|Ung|Liêu|Nhan|Thiều|Đới|Ngụy|Khúc|Lèo|Lừ|Hạng|Tẩn|Chảo|Phàn"
    "|Đèo|Điêu|Khoàng|Vừ|Poòng|Thò|Lù|Vòng|Kpuih|Rơ Châm|Rah Lan"
)
"""As a pattern."""
