"""One frozen Settings object, built once from ``GOMTIN_*`` variables; unknown keys are refused."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PREFIX = "GOMTIN_"
LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# These may stand in a file instead, which the variable with _FILE at its end names.
SECRETS = ("store", "broker", "turns", "alert_webhook", "alert_secret", "smtp_password")
SCHEMES = {"alert_webhook": ("http://", "https://"), "smtp": ("smtp://", "smtps://")}
BROKERS = ("redis://", "rediss://", "unix://")
SHOWN_TO_PORTALS = ("user_agent", "contact")
SENT_AS_ASCII = ("alert_webhook", "smtp", "smtp_password")
MOST = 1_000_000_000  # of any number: 30 years in seconds, and what the archive can keep
MOST_PROCESSES = 64


class SettingsError(ValueError):
    """A setting is unknown or cannot be read; the message names it and the cure."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between two places where gomtin runs.

    ``data`` holds all that gomtin keeps in the embedded set-up; ``store`` is a SQLAlchemy URL
    (empty: SQLite in ``data``) and ``broker`` a Redis URL (empty: an embedded Redis server that
    gomtin starts itself). ``turns`` is the store whose processes share one budget of requests a
    host (empty: the archive's own). Durations are in seconds, sizes in bytes. ``witness_share`` of
    the articles of a run are read a second time, by the generic path (0: none). Alerts go to
    ``alert_webhook``, signed with ``alert_secret``, and by ``smtp`` to ``alert_mail_to``, at most
    one message each ``alert_every``.
    Crawls wait while more than ``inbox_bound`` drafts are not ingested.
    """

    data: Path = field(default_factory=lambda: Path("data"))
    store: str = field(default="", repr=False)
    broker: str = field(default="", repr=False)
    snapshots: str = ""
    turns: str = field(default="", repr=False)
    user_agent: str = ""
    contact: str = ""
    min_delay: float = 2.0
    max_page_bytes: int = 10_000_000
    clean_timeout: float = 10.0
    witness_share: float = 0.05
    lease_seconds: float = 60.0
    visibility_timeout: int = 120
    ingest_batch: int = 50
    inbox_bound: int = 2_000
    max_attempts: int = 3
    sweep_seconds: float = 5.0
    stall_seconds: float = 30.0
    crawl_processes: int = 4
    ingest_processes: int = 2
    log_level: str = "WARNING"
    log_format: str = "text"
    alert_webhook: str = field(default="", repr=False)
    alert_secret: str = field(default="", repr=False)
    alert_mail_to: str = ""
    alert_mail_from: str = ""
    alert_every: float = 300.0
    smtp: str = ""
    smtp_password: str = field(default="", repr=False)

    @property
    def store_url(self) -> str:
        """Give the SQLAlchemy URL of the archive."""
        return self.store or f"sqlite:///{self.data.absolute() / 'gomtin.sqlite3'}"

    @property
    def turns_url(self) -> str:
        """Give the SQLAlchemy URL of the store where turns at hosts are taken."""
        return self.turns or self.store_url

    @property
    def snapshot_folder(self) -> Path:
        """Give the folder of the WARC files."""
        return Path(self.snapshots) if self.snapshots else self.data.absolute() / "snapshots"

    @property
    def agent(self) -> str:
        """Give the User-Agent that a portal's operator sees, with the contact address."""
        contact = f"; contact: {self.contact}" if self.contact else ""
        return self.user_agent or f"gomtin/0.1 (+https://github.com/gomtin/gomtin{contact})"


def load_settings(env: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Build the settings from ``GOMTIN_*`` variables; ``overrides`` win over the environment.

    An empty variable is an unset one: compose files pass those on. Raise SettingsError for an
    unknown ``GOMTIN_`` variable or a value that cannot be.
    """
    source = os.environ if env is None else env
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for key, given in source.items():
        if not key.startswith(PREFIX):
            continue
        name, text = _from_file(key, given)
        if name not in known:
            raise SettingsError(_unknown(key, name, list(known)))
        if text and name in values:
            raise SettingsError(f"{key} is given twice, also as a file; unset one of them")
        if text:
            values[name] = _parse(key, str(known[name].type), text)
            _require_sound(key, name, values[name])
    values.update(overrides)
    settings = Settings(**values)
    _require_whole(settings)
    return settings


def _unknown(key: str, name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 3) or [one for one in known if name and name in one]
    choices = ", ".join(PREFIX + one.upper() for one in near or known)
    return f"{key} is not a setting of gomtin; {'near are' if near else 'known are'} {choices}"


def _from_file(key: str, text: str) -> tuple[str, str]:
    """Give a setting's name and text; a secret may stand in a file that ``key`` names."""
    name = key.removeprefix(PREFIX).lower()
    secret = name.removesuffix("_file")
    if secret == name or secret not in SECRETS or not text:
        return (secret if secret in SECRETS else name), text
    try:
        return secret, Path(text).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"{key}={text} cannot be read: {said}; correct or unset it") from error


def _require_whole(settings: Settings) -> None:
    """Refuse settings that do not go together."""
    if settings.lease_seconds >= settings.visibility_timeout:
        raise SettingsError(
            f"GOMTIN_LEASE_SECONDS={settings.lease_seconds:g} must stay below "
            f"GOMTIN_VISIBILITY_TIMEOUT={settings.visibility_timeout}: a message that comes back "
            "while its work is under way would be done twice; correct one of them"
        )
    if settings.alert_webhook and not settings.alert_secret:
        raise SettingsError(
            "GOMTIN_ALERT_WEBHOOK needs GOMTIN_ALERT_SECRET (or GOMTIN_ALERT_SECRET_FILE), with "
            "which its messages are signed; set a long random text"
        )
    if settings.alert_mail_to and not settings.smtp:
        raise SettingsError(
            "GOMTIN_ALERT_MAIL_TO needs GOMTIN_SMTP, the mail server: smtp://USER@HOST:587"
        )


def _require_sound(key: str, name: str, value: object) -> None:
    """Refuse what would only fail later, in a worker's log."""
    _require_sendable(key, name, str(value))
    wanted = ""
    if name == "witness_share":
        wanted = "" if 0 <= float(str(value)) <= 1 else "a share from 0 (none) to 1 (all)"
    elif isinstance(value, int | float):
        most = MOST_PROCESSES if name.endswith("_processes") else MOST
        wanted = "" if 0 < value <= most else f"a number above 0, at most {most}"
    elif name == "log_level" and value not in LOG_LEVELS:
        wanted = f"one of {', '.join(LOG_LEVELS)}"
    elif name == "log_format" and value not in LOG_FORMATS:
        wanted = f"one of {', '.join(LOG_FORMATS)}"
    elif name == "broker" and not (str(value).startswith(BROKERS) and _names_host(str(value))):
        wanted = "a Redis URL like redis://:PASSWORD@HOST:6379/0"
    elif name in SHOWN_TO_PORTALS and not str(value).isprintable():
        wanted = "one line of text"
    if wanted:
        shown = str(value).rpartition("@")[2]  # a URL may hold a password
        raise SettingsError(f"{key}={shown} is not {wanted}; correct or unset it")


def _require_sendable(key: str, name: str, text: str) -> None:
    """Refuse an address that nothing can be sent to, and a password that cannot be sent."""
    if name in SCHEMES and not text.startswith(SCHEMES[name]):
        raise SettingsError(f"{key} does not begin with {' or '.join(SCHEMES[name])}; correct it")
    if name in SCHEMES and not _names_host(text):
        raise SettingsError(f"{key} names no host, or a port that is none; correct it")
    if name in SENT_AS_ASCII and not text.isascii():
        cure = "write %XX for them in an address, or choose another password"
        raise SettingsError(f"{key} has letters beyond ASCII, which cannot be sent; {cure}")


def _names_host(url: str) -> bool:
    """Tell whether ``url`` names a host, or a socket's file, and no port that cannot be."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname or parts.scheme == "unix") and parts.port != 0
    except ValueError:
        return False


def _parse(key: str, kind: str, text: str) -> Path | float | str:
    try:
        match kind:
            case "Path":
                return Path(text)
            case "int":
                return int(text)
            case "float":
                return float(text)
            case _:
                return text
    except ValueError as error:
        wanted = "whole number" if kind == "int" else "number"
        raise SettingsError(f"{key}={text!r} is no {wanted}; correct or unset it") from error
