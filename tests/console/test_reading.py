"""Searching over the web: the same answers as on the command line, for programs and for people."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import uvicorn

from config.settings import Settings
from console.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.records import Draft

    Desk = Any  # the fixture's class stands in tests/conftest.py
    Get = Callable[..., tuple[int, str]]


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve the console in a thread of its own; give its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def get(desk: Desk, store_url: str, make_draft: Callable[..., Draft]) -> Iterator[Get]:
    """Ask a console over an archive of three articles; give status and text."""
    desk.bring(
        make_draft(document_key="1", title="Dân vận <khéo>", body=("Xã họp.",)),
        make_draft(document_key="2", title="Tin xã", body=("Công tác dân vận.",)),
        make_draft(document_key="3", title="Lịch tiếp dân", body=("Thứ hai.",)),
    )
    with served(Settings(store=store_url)) as address:

        def ask(asked: dict[str, str], accept: str = "*/*") -> tuple[int, str]:
            request = Request(f"{address}/articles?{urlencode(asked)}", headers={"accept": accept})
            try:
                with urlopen(request, timeout=30) as answer:
                    return answer.status, answer.read().decode()
            except HTTPError as error:
                with error:
                    return error.code, error.read().decode()

        yield ask


@pytest.mark.parametrize(
    ("asked", "ids", "more"),
    [
        ({"q": "dan van"}, [1, 2], False),
        ({"q": '"dân vận"', "limit": "1"}, [1], True),
        ({"q": "dân vận", "limit": "1", "offset": "1"}, [2], False),
        ({"q": "dân", "portal": "none"}, [], False),
        ({"since": "2026-11-22", "until": "2026-11-23"}, [3, 2, 1], False),
        ({"until": "2026-11-22"}, [], False),
    ],
)
def test_programs_get_json(get: Get, asked: dict[str, str], ids: list[int], more: bool) -> None:
    answer = json.loads(get(asked)[1])
    assert [one["id"] for one in answer["articles"]] == ids
    assert answer["more"] is more
    if "q" in asked and ids == [1, 2]:
        assert answer["articles"][0]["passage"] == {
            "title": "<mark>Dân vận</mark> &lt;khéo&gt;",
            "text": "Xã họp.",
        }


@pytest.mark.parametrize(("query", "code"), [('"dân', "query.quote"), ("%", "query.empty")])
def test_a_query_that_cannot_be_read(get: Get, query: str, code: str) -> None:
    status, answer = get({"q": query})
    assert (status, json.loads(answer)["code"]) == (400, code)
    status, page = get({"q": query}, "text/html")
    assert status == 400
    assert "<p>" in page


def test_people_get_a_page(get: Get) -> None:
    def page(query: str) -> str:
        return get({"q": query}, "text/html,*/*")[1]

    assert "<mark>Dân vận</mark> &lt;khéo&gt;</a>" in page("dân vận")
    assert 'value="&quot;x&quot;"' in page('"x"')
    assert "No article answers." in page('"x"')
    assert page("").count("<article>") == 3
