"""The nursery imports all that a crawl needs, but never a reactor, which each crawl installs."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from crawler.nursery import warm_up
warm_up()
assert "twisted.internet.reactor" not in sys.modules
assert "scrapy.core.downloader.handlers.http11" in sys.modules
for name in ("aiohttp", "scrapy.extensions.telnet", "scrapy.extensions.remote_control"):
    assert name not in sys.modules, name
import threading
assert threading.active_count() == 1
"""


def test_what_is_imported_before_the_fork_is_safe_to_fork() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
