"""The entry of the gomtin command: finds the subcommand and prints faults as one plain line."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from cli.session import examples
from config.settings import SettingsError
from pipelines.errors import GomtinError

if TYPE_CHECKING:
    from collections.abc import Sequence

# What was asked for cannot be: a name or path is mistyped, trying again is useless.
WRONG_USE = frozenset(
    {
        "portal.unknown",
        "topic.unknown",
        "kind.unknown",
        "unit.unknown",
        "count.axis",
        "model.missing",
        "portal.exists",
        "portal.id",
        "portal.section",
        "slot.cron",
        "slot.quiet",
        "input.missing",
        "input.none",
        "letter.missing",
        "query.quote",
        "query.empty",
        "query.long",
        "backup.exists",
        "restore.not_empty",
        "store.url",
    }
)

COMMANDS = {
    "crawl": "cli.crawl",
    "extract": "cli.pages",
    "import": "cli.pages",
    "articles": "cli.articles",
    "count": "cli.count",
    "show": "cli.archive",
    "up": "cli.operate",
    "portals": "cli.portals",
    "probe": "cli.maintain",
    "new": "cli.maintain",
    "record": "cli.maintain",
    "check": "cli.maintain",
    "preview": "cli.preview",
    "schedule": "cli.schedule",
    "status": "cli.operate",
    "failures": "cli.operate",
    "retry": "cli.retry",
    "doctor": "cli.doctor",
    "backup": "cli.backup",
    "restore": "cli.backup",
    "prune": "cli.prune",
    "reextract": "cli.reextract",
    "dedupe": "cli.dedupe",
    "review": "cli.review",
    "train": "cli.train",
    "reindex": "cli.articles",
}


class Commands(click.Group):
    """Imports a subcommand's module only when it is asked for: start-up stays quick."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Give the subcommands in the order in which the help shows them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and give one subcommand."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(
            importlib.import_module(COMMANDS[cmd_name]), f"{cmd_name}_command"
        )
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "gomtin crawl danvankheo --limit 20",
        'gomtin articles "dân vận" --since 2023-01-01',
    ),
)
@click.version_option(package_name="gomtin")
def cli() -> None:
    """Gather the news of Vietnamese Party, government and provincial portals.

    The archive lies in $GOMTIN_DATA (default ./data). Exit codes: 0 done, 1 something failed and
    was named, 2 wrong use.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; faults that were foreseen end as one line without a traceback."""
    if arguments is None and "utf-8" not in sys.stdout.encoding.lower():
        _start_over_in_utf8()
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        with cli.make_context("gomtin", given) as context:  # cli.main ends with 1 before "| head"
            code = cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt, EOFError):
        click.echo("\ninterrupted; what was committed is kept", err=True)
        code = 1
    except (GomtinError, SettingsError) as error:
        click.echo(f"gomtin: {error}", err=True)
        code = 2 if isinstance(error, SettingsError) or error.code in WRONG_USE else 1
    except OSError as error:
        code = _unwritten(error)
    sys.exit(code if isinstance(code, int) else 0)


def _unwritten(error: OSError) -> int:
    """Give the exit code for a file that cannot be used, or an output that takes no more.

    The output's reader has enough, the terminal is gone (EIO), or its disk is full. Raise what is
    another fault.
    """
    if error.filename is not None:
        from pipelines.file_faults import file_fault

        click.echo(f"gomtin: {error.filename}: {file_fault(error)}; gomtin doctor", err=True)
        return 1
    full, enough = error.errno == errno.ENOSPC, isinstance(error, BrokenPipeError)
    if not (full or enough or error.errno == errno.EIO):
        raise error
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left goes nowhere
    if full:
        click.echo("gomtin: no space is left where it writes; make room there", err=True)
    return int(not enough)


def _start_over_in_utf8() -> NoReturn:
    """Run the same command in Python's UTF-8 mode: no other encoding can print Vietnamese."""
    os.environ["PYTHONUTF8"] = "1"
    os.environ.pop("PYTHONIOENCODING", None)
    # the option for this process, where -E or -X utf8=0 stands; the variable for its workers
    command = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
    os.execv(sys.executable, command)  # noqa: S606 - itself, once more


if __name__ == "__main__":
    from cli.entry import main as enter

    enter()
