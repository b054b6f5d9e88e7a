"""The names that other countries have in Vietnamese news."""

from __future__ import annotations

COUNTRIES = (
    "Mỹ|Hoa Kỳ|Anh|Pháp|Đức|Nga|Trung Quốc|Nhật Bản|Nhật|Hàn Quốc|Triều Tiên|Đài Loan|Mông Cổ"
    "|Lào|Campuchia|Thái Lan|Singapore|Malaysia|Indonesia|Philippines|Myanmar|Brunei|Ấn Độ"
    "|Pakistan|Bangladesh|Úc|Australia|New Zealand|Canada|Cuba|Mexico|Brazil|Argentina|Chile"
    "|Ukraine|Belarus|Kazakhstan|Israel|Iran|Iraq|Syria|Qatar|UAE|Ả Rập Xê Út|Saudi Arabia"
    "|Thổ Nhĩ Kỳ|Ai Cập|Nam Phi|Ba Lan|Séc|Hungary|Italy|Ý|Tây Ban Nha|Bồ Đào Nha|Hà Lan|Bỉ"
    "|Thụy Điển|Thụy Sĩ|Na Uy|Đan Mạch|Phần Lan|Áo|Bulgaria|Romania|Slovakia|Hy Lạp|Ireland"
    "|El Salvador|Peru|Venezuela|Colombia|Panama|Kuwait|Oman|Algeria|Mozambique|Angola|Timor-Leste"
)
"""As a pattern."""
