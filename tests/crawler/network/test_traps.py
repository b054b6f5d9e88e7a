"""Addresses that a server can make up for ever, and ordinary ones that look a little like them."""

from __future__ import annotations

import pytest

from crawler.network.traps import BARREN, Fruit, trap_in, without_session


@pytest.mark.parametrize(
    ("path", "trap"),
    [
        ("/tin-tuc/hoi-nghi-12345.html", ""),
        ("/vi/vi/tin/", ""),
        ("/2026/11/22/tin/", ""),
        ("/a/b/a/b/", ""),
        ("/a/b/a/b/a/b/", "trap.repeated_path"),
        ("/tin/tin/tin/tin/", "trap.repeated_path"),
        ("/x/1/2/x/3/4/x/5/x/", "trap.repeated_path"),
        ("/" + "/".join(map(str, range(21))), "trap.depth:21"),
        ("/x?a=1&b=2", ""),
        ("/x?" + "&".join(f"p_p_{n}=1" for n in range(20)), ""),
        ("/x?" + "&".join(f"p{n}=1" for n in range(41)), "trap.query:41"),
        ("/x?f=1&f=2&f=3&f=4&f=5&f=6", "trap.query:6"),
    ],
)
def test_endless_addresses_are_known_at_sight(path: str, trap: str) -> None:
    assert trap_in(f"https://a.vn{path}") == trap


@pytest.mark.parametrize(
    ("url", "kept"),  # None: as it is
    [
        ("https://a.vn/tin;jsessionid=0A1B?id=1", "https://a.vn/tin?id=1"),
        (
            "https://a.vn/wps/portal/Home/tin/7/!ut/p/b1/04_Sj9/",
            "https://a.vn/wps/portal/Home/tin/7",
        ),
        ("https://a.vn/wps/portal/!ut/p/b1/04_Sj9/", ""),
        ("https://a.vn/(S(lit3py55t21z5v55vlm25s55))/tin.aspx", "https://a.vn/tin.aspx"),
        ("https://a.vn/tin?PHPSESSID=ab12&id=1", "https://a.vn/tin?id=1"),
        ("https://a.vn/tin?id=1&sessionid=ab12", "https://a.vn/tin?id=1"),
        ("https://a.vn/tin?sessionid=ab12", "https://a.vn/tin"),
        ("https://a.vn/tin?id=1&mysessionid=7", "https://a.vn/tin?id=1&mysessionid=7"),
        ("https://a.vn/tin?sid=9f86d081884c7d659a2feaa0&id=1", "https://a.vn/tin?id=1"),
        ("https://a.vn/tin?sid=12&id=1", None),
        ("https://a.vn/tin?sid=thongtinphapluatdiaphuong", None),
        ("https://a.vn/(2026)/tin", "https://a.vn/(2026)/tin"),
    ],
)
def test_the_id_of_a_visit_is_left_out(url: str, kept: str | None) -> None:
    assert without_session(url) == (kept or url)


def test_a_shape_that_bears_nothing_is_a_trap_until_it_bears_something() -> None:
    fruit = Fruit()
    for day in range(BARREN - 1):
        fruit.note(f"https://a.vn/lich/{day}/", found=False)
    assert fruit.trap("https://a.vn/lich/9999/") == ""
    fruit.note("https://a.vn/lich/7/", found=False)
    assert fruit.trap("https://a.vn/lich/9999/") == f"trap.barren:{BARREN} pages like /lich/0/"
    assert fruit.trap("https://a.vn/tin/9999/") == ""
    fruit.note("https://a.vn/lich/8/", found=True)
    assert fruit.trap("https://a.vn/lich/9999/") == ""
