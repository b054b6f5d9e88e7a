"""The classification benchmark as a command, on texts whose labels can be learned."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench" / "classify.py"
WORDS = {
    "truong_hoc": "học sinh thầy cô lớp trường năm bài vở khai giảng",
    "benh_vien": "bác sĩ thuốc khám bệnh viện tiêm chủng dịch sốt",
    "san_bong": "bàn thắng cầu thủ trọng tài đội bóng giải sân cỏ",
}


def test_the_command(tmp_path: Path) -> None:
    rows = []
    for turn in range(40):
        for label, words in WORDS.items():
            own = words.split()
            text = f"{own[turn % 9]} {own[turn % 7]}\n{own[turn % 5]} và {words} trong {turn}"
            rows.append(json.dumps({"label": label, "text": text}, ensure_ascii=False))
    learned, asked = tmp_path / "train.jsonl.gz", tmp_path / "test.jsonl"
    learned.write_bytes(gzip.compress("\n".join(rows[:90]).encode()))
    asked.write_text("\n".join(rows[90:]) + "\n", encoding="utf-8")
    command = [sys.executable, str(BENCH), "--train", str(learned), "--test", str(asked), "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert found["accuracy"] == found["macro_f1"] == 1.0
    assert 0 <= found["ece"] <= 0.1
    assert found["docs_per_cpu_s"] > 400
    assert 0 < found["model_bytes"] < 100_000
