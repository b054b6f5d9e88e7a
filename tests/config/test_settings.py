"""Settings: from GOMTIN_* variables, refused with the cure where they cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import Settings, SettingsError, load_settings


@pytest.mark.parametrize(
    ("env", "field", "value"),
    [
        ({}, "data", Path("data")),
        ({"GOMTIN_DATA": "/srv/gomtin"}, "data", Path("/srv/gomtin")),
        ({"GOMTIN_BROKER": ""}, "broker", ""),
        ({"GOMTIN_INGEST_BATCH": "20"}, "ingest_batch", 20),
        ({"HOME": "/root"}, "store", ""),
    ],
)
def test_variables_become_typed_settings(env: dict[str, str], field: str, value: object) -> None:
    assert getattr(load_settings(env), field) == value


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("GOMTIN_DELAY", "2", "is not a setting of gomtin"),
        ("GOMTIN_DATEN", "x", "is not a setting of gomtin; near are GOMTIN_DATA"),
        ("GOMTIN_LEASE", "9", "near are GOMTIN_LEASE_SECONDS"),
        ("GOMTIN_ZZZ", "x", "is not a setting of gomtin; known are GOMTIN_DATA, GOMTIN_STORE"),
        ("GOMTIN_INGEST_BATCH", "many", "is no whole number"),
        ("GOMTIN_INGEST_BATCH", "0", "a number above 0"),
        ("GOMTIN_INGEST_BATCH", "99999999999999999999", "at most 1000000000"),
        ("GOMTIN_MIN_DELAY", "soon", "is no number"),
        ("GOMTIN_MIN_DELAY", "inf", "at most 1000000000"),
        ("GOMTIN_CRAWL_PROCESSES", "65", "at most 64"),
        ("GOMTIN_CONTACT", "a@x.vn\r\nHost: y", "one line of text"),
        ("GOMTIN_BROKER", "redis://:secret@h:port/0", "=h:port/0 is not a Redis URL"),
        ("GOMTIN_SMTP", "smtp://secret@", "names no host"),
        ("GOMTIN_SMTP", "smtp://secret@h:70000", "a port that is none"),
        ("GOMTIN_ALERT_WEBHOOK", "https://x.vn/secret/ă", "letters beyond ASCII"),
        ("GOMTIN_SMTP_PASSWORD", "secret mật khẩu", "letters beyond ASCII"),
        ("GOMTIN_LOG_JSON", "1", "is not a setting of gomtin"),
        ("GOMTIN_LOG_LEVEL", "loud", "one of DEBUG"),
        ("GOMTIN_BROKER", "amqp://u:secret@h/", "a Redis URL"),
        ("GOMTIN_LEASE_SECONDS", "300", "below GOMTIN_VISIBILITY_TIMEOUT=120"),
        ("GOMTIN_VISIBILITY_TIMEOUT", "60", "GOMTIN_LEASE_SECONDS=60"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_shows_no_password(
    key: str, text: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        load_settings({key: text})
    assert key in str(caught.value)
    assert "secret" not in str(caught.value)


def test_what_is_given_wins_over_the_environment() -> None:
    assert load_settings({"GOMTIN_INGEST_BATCH": "20"}, ingest_batch=5).ingest_batch == 5
    assert Settings().ingest_batch == 50


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("lang und geheim\n")
    settings = load_settings({"GOMTIN_ALERT_SECRET_FILE": str(file)})
    assert settings.alert_secret == "lang und geheim"
    assert "geheim" not in repr(settings)
    for env, said in (
        ({"GOMTIN_ALERT_SECRET_FILE": str(tmp_path / "none")}, "cannot be read: No such file"),
        ({"GOMTIN_ALERT_SECRET_FILE": str(file), "GOMTIN_ALERT_SECRET": "x"}, "given twice"),
        ({"GOMTIN_CONTACT_FILE": str(file)}, "is not a setting of gomtin"),
        ({"GOMTIN_ALERT_WEBHOOK": "https://x.vn/"}, "needs GOMTIN_ALERT_SECRET"),
        ({"GOMTIN_ALERT_WEBHOOK": "ftp://x.vn/token"}, "does not begin with http://"),
        ({"GOMTIN_ALERT_MAIL_TO": "a@x.vn"}, "needs GOMTIN_SMTP"),
    ):
        with pytest.raises(SettingsError, match=said) as caught:
            load_settings(env)
        assert "token" not in str(caught.value)
