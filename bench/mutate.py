"""Mutate bytes as a broken or hostile server would: cut, doubled, spliced, recoded, spiked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

LONGEST = 300_000  # bytes: what is larger only makes the run slower
# what parsers have stumbled over: ends of markup, encodings, numbers past every range
SPIKES = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf",
    b"\x1b$B",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<script>", b"</body>", b"<base href='http://[1'>",
    b"<meta charset=utf-7>", b"<meta charset=utf-16>", b"<template>", b"<svg><p>", b"<math><mi>",
    b"<select><option>", b"<table><tr><td>", b"<frameset>", b"<plaintext>", b"<noscript>",
    b"<iframe srcdoc='<p>x'>", b"<a href='http://[::1'>", b"<a href='\xf0\x9f\x98\x80:'>",
    b"&#xD800;", b"&#1114112;", b"&#0;", b"&lt;", b"&amp;amp;", b"&", b"%00", b"%ff", b"..//",
    b"99999999999999999999", b"-1", b"1e400", b"00/00/0000", b"31/02/2026", b"29/02/1900 25:61",
    b"9999-12-31T23:59:59-23:59", b"0001-01-01T00:00:00+23:59", b"NaN", b"null", b"[]", b"{",
    b"\xe2\x80\xae", b"\xcc\x81" * 40, b"\xe2\x80\x8b", b"\xc2\xa0", b"\xef\xb7\xba", b"\r",
    b"\t", b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>", b"xmlns:x='y'",
    b"<?xml version='9'?>",
    b'<script type="application/ld+json">', b'"datePublished":"', b"itemprop=articleBody ",
    "Thứ bảy, 30/02/2026 24:00".encode(), b"(Theo ", "ngày ".encode(), "tỷ đồng ".encode(),
)  # fmt: skip


def mutated(seeds: Sequence[bytes], rng: random.Random) -> bytes:
    """Give one of the seeds after one to eight changes."""
    body = rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        body = rng.choice(CHANGES)(body, seeds, rng)
    return body[:LONGEST]


def _cut(body: bytes, rng: random.Random, longest: int) -> tuple[int, int]:
    start = rng.randrange(len(body) + 1)
    return start, min(len(body), start + rng.randrange(1, longest))


def _flip(body: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    if not body:
        return body
    changed = bytearray(body)
    for _ in range(rng.choice((1, 4, 32))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _drop(body: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _cut(body, rng, 2_000)
    return body[:start] + body[end:]


def _end(body: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _spike(body: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + rng.choice(SPIKES) * rng.choice((1, 1, 1, 3, 50)) + body[at:]


def _repeat(body: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _cut(body, rng, 400)
    return body[:end] + body[start:end] * rng.choice((1, 2, 10, 200)) + body[end:]


def _splice(body: bytes, seeds: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(seeds)
    start, end = _cut(other, rng, 5_000)
    at = rng.randrange(len(body) + 1)
    return body[:at] + other[start:end] + body[at:]


def _move(body: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _cut(body, rng, 2_000)
    rest, at = body[:start] + body[end:], rng.randrange(len(body) - (end - start) + 1)
    return rest[:at] + body[start:end] + rest[at:]


def _recode(body: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-32", "cp1258", "cp1252", "ascii")), "replace")


def _figures(body: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    """Put other figures in the place of some: dates and numbers run out of their ranges."""
    table = bytes.maketrans(b"0123456789", bytes(rng.choices(b"0123456789", k=10)))
    start, end = _cut(body, rng, 5_000)
    return body[:start] + body[start:end].translate(table) + body[end:]


CHANGES = (_flip, _drop, _end, _spike, _spike, _repeat, _splice, _move, _recode, _figures)
