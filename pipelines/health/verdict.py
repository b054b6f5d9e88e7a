"""Judge one run by what is usual for its portal: findings with field, share and examples.

A measure of pages is judged by the binomial tail: how likely that many bad pages would be if
nothing had changed. Few new pages a run add up over the latest runs, so that a ward's portal with
one article a day is heard after three of them, and one page of two is never an alarm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from pipelines.health.chance import chance
from pipelines.health.facts import Count, RunFacts
from pipelines.health.finding import Finding, Past
from pipelines.health.listings import listing_findings
from pipelines.health.watched import watch_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.health.finding import Bounds

FEWEST = 3  # bad pages for an alarm, and good ones for its end
CHANCE = 0.001  # an alarm must be less likely than this if nothing had changed
JUMP = 0.25  # and its share of bad pages this much above the usual
TAKEN_DOWN = 0.5  # the same of what is gone: the archive's own articles are, one now and then
NEARLY_ALL = 0.8  # of the pages bad in this way: the portal is broken, not only degraded
TAIL = 10  # runs that are added up at most
TAIL_PAGES = 60
_WEIGHT = 2  # pages that the prior counts for
_SURE = 20  # pages that would make one as sure of the prior as experience does
_LEAST_CHANCE = 0.01
# The witness reads the first pages of a run, which stand side by side in one section: where it
# disagrees with whole sections, they are one page, not three that happen to be bad together.
SIDE_BY_SIDE = 3
MIXED = 0.1  # the usual share of bad pages from which on that may be
# What may be over in minutes is told of when the next run meets it again.
PASSING = frozenset({"dns", "timeout", "away", "failing"})
# After it the next visit comes soon; of a full disk the operator hears at once.
OUTAGE = PASSING | {"snapshot.unwritable"}
BREAKING = frozenset({"page.refused", "page.failed", "page.gone", "page.moved"})
SERVED = frozenset({"page.refused", "page.failed", "page.gone"})  # by the server, not the page
GONE = "page.gone"
READ = "fill.title"  # counts every article that was read, also one that was read again

View = Callable[[RunFacts, str], Count]
# What befalls new pages alone is not to be hidden by old ones; what befalls all shows in both.
VIEWS: tuple[View, ...] = (RunFacts.of_new, RunFacts.of_all)

LEARNED = 10  # texts from which the usual length is learned
SHORTER = 4  # times shorter than usual is too short


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings of a run, and the codes of earlier ones that it says nothing of."""

    findings: tuple[Finding, ...]
    unknown: frozenset[str]


def judge(
    facts: RunFacts, past: Sequence[Past], bounds: Bounds, open_codes: frozenset[str]
) -> Verdict:
    """Judge a run by the ``past`` ones, the newest first; ``open_codes`` are alarmed until now."""
    code, text = facts.trouble
    if code:
        trouble = Finding(f"site.{code}", "broken", "site", 1.0, 0, (), text)
        told = code not in PASSING or outage_runs(past) > 0 or trouble.code in open_codes
        return Verdict((trouble,) if told else (), open_codes - {trouble.code})
    facts, past = _with_lengths(facts, past, bounds)
    found = [*_measures(facts, past, bounds), *listing_findings(facts, past)]
    kept = tuple(one for one in found if not _accepted(one.code, bounds))
    unknown = {code for code in open_codes if not _accepted(code, bounds)}
    unknown = {code for code in unknown if not _tells(code, facts, past, bounds)}
    return Verdict(kept, frozenset(unknown) - {one.code for one in kept})


def outage_runs(past: Sequence[Past]) -> int:
    """Count the latest runs in a row that met what may soon be over."""
    met = (run.facts.trouble[0] in OUTAGE for run in past)
    return next((count for count, outage in enumerate(met) if not outage), len(past))


def _accepted(code: str, bounds: Bounds) -> bool:
    return code in bounds.accepted or code.partition(":")[0] in bounds.accepted


# ---- measures of pages


def _measures(facts: RunFacts, past: Sequence[Past], bounds: Bounds) -> Iterator[Finding]:
    for code in {**facts.measures, **facts.again}:
        for counted in VIEWS:
            if found := _measured(code, facts, past, bounds, counted):
                yield found
                break


def _measured(
    code: str, facts: RunFacts, past: Sequence[Past], bounds: Bounds, counted: View
) -> Finding | None:
    tail = counted(facts, code)
    if not tail.bad:
        return None
    for runs in range(TAIL):
        usual = usual_of(code, past[runs:], bounds, counted)
        taken_down = code == GONE and counted is not RunFacts.of_new
        if _alarming(code, tail, usual, TAKEN_DOWN if taken_down else JUMP):
            return _finding(code, tail, usual.share)
        if runs >= len(past) or tail.pages > TAIL_PAGES or code in past[runs].alarms:
            break
        tail = tail.plus(counted(past[runs].facts, code))
    return None


class Usual(NamedTuple):
    """The share of bad pages that a portal's sound runs have, and how many pages tell it."""

    share: float
    pages: int


def usual_of(
    code: str, past: Sequence[Past], bounds: Bounds, counted: View = RunFacts.of_all
) -> Usual:
    """Learn what is usual, inside the bounds of the portal's file."""
    pages = bad = 0
    for run in past:
        if code not in run.alarms:
            count = counted(run.facts, code)
            pages, bad = pages + count.pages, bad + count.bad
    prior = watch_of(code).prior
    kind, _, field = code.partition(".")
    most = 1.0 - bounds.fill.get(field, 0.0) if kind == "fill" else 1.0
    learned = (bad + _WEIGHT * min(prior, most)) / (pages + _WEIGHT)
    return Usual(max(_LEAST_CHANCE, min(most, learned)), pages + _SURE)


def _alarming(code: str, count: Count, usual: Usual, jump: float) -> bool:
    if count.bad < FEWEST or count.share < usual.share + jump:
        return False
    if code.startswith("witness.") and usual.share >= MIXED:
        count = Count(-(-count.pages // SIDE_BY_SIDE), count.bad // SIDE_BY_SIDE)
    return chance(count.bad, count.pages, usual.share, usual.pages) < CHANCE


def _finding(code: str, count: Count, usual: float) -> Finding:
    field = code.partition(".")[2]
    pages = f"{count.bad} of {count.pages} pages"
    text = watch_of(code).text.format(field=field, pages=pages, note=count.note)
    broken = code in BREAKING and count.share >= NEARLY_ALL
    level = "broken" if broken else "degraded"
    text = f"{text.removesuffix(': ')} (usual: {usual:.0%})"
    return Finding(code, level, field, round(count.share, 3), count.pages, count.examples, text)


def _with_lengths(
    facts: RunFacts, past: Sequence[Past], bounds: Bounds
) -> tuple[RunFacts, Sequence[Past]]:
    """Count texts that are much shorter than usual, or outside the bounds, as a measure."""
    known = [n for run in past if "text.length" not in run.alarms for n in run.facts.lengths]
    least, most = bounds.text_length
    if len(known) >= LEARNED:
        least = max(least, int(median(known) / SHORTER))

    def measured(one: RunFacts) -> RunFacts:
        bad = [n for n in one.lengths if not least <= n <= most]
        note = f"{bad[0]} characters, {least}-{most} expected" if bad else ""
        count = Count(len(one.lengths), len(bad), (), note)
        return replace(one, measures={**one.measures, "text.length": count})

    return measured(facts), [Past(measured(run.facts), run.alarms) for run in past]


# ---- the end of an alarm


def _tells(code: str, facts: RunFacts, past: Sequence[Past], bounds: Bounds) -> bool:
    """Say whether the runs since an alarm show that it is over; else it stays open."""
    kind, _, page = code.partition(":")
    if kind == "listing.lost":
        return page in facts.yields
    if kind == "walk.short":
        return facts.whole
    if kind == "walk.gap":
        return facts.known > 0
    if kind.startswith(("site.", "new.", "run.")):
        return True
    if code in SERVED and _given_again(code, facts, past):
        return True
    ill = next((run.facts for run in past if code in run.alarms), facts)
    # old pages that stayed well say nothing of new ones
    counted = RunFacts.of_all if ill.again.get(code, Count()).bad else RunFacts.of_new
    since = counted(facts, code)
    for run in past:
        if since.pages >= FEWEST or code in run.alarms:
            break
        since = since.plus(counted(run.facts, code))
    usual = usual_of(code, past, bounds, counted)
    return since.pages >= FEWEST and since.share < usual.share + JUMP


def _given_again(code: str, facts: RunFacts, past: Sequence[Past]) -> bool:
    """Tell whether articles are read again, and none was refused since the alarm.

    A portal that publishes little would stand broken for days until new ones show so.
    """
    read = 0
    for run in (Past(facts, frozenset()), *past):
        if code in run.alarms or run.facts.of_all(code).bad:
            break
        read += run.facts.of_all(READ).pages
    return read >= FEWEST
