"""The console's answers, asked over a socket."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import uvicorn

from config.settings import load_settings
from console.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.records import Draft

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py


@contextmanager
def served(url: str) -> Iterator[str]:
    """Serve the console of an archive on a free port."""
    app = create_app(replace(load_settings({}), store=url))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def test_the_words_that_a_revision_changed(
    desk: Desk, store_url: str, make_draft: MakeDraft
) -> None:
    text = "Cả xã có {} hộ tham gia hội thi, nhiều hơn năm trước."
    desk.bring(make_draft(body=(text.format(120),)))
    desk.bring(make_draft(body=(text.format(140),)))
    desk.bring(make_draft(body=(text.format(120),), document_key="other", canonical_url="o"))
    with served(store_url) as address:
        with urlopen(f"{address}/api/articles/1/diff") as answer:
            assert json.load(answer) == [{"removed": "120", "added": "140"}]
        with urlopen(f"{address}/api/articles/2/diff") as answer:
            assert json.load(answer) == []
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{address}/api/articles/9/diff")
