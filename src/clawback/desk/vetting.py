"""What can be said of accounts, phones and wallets: by themselves, in own cases, and in imported lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clawback.desk.lists import lists_in
from clawback.desk.overview import State
from clawback.desk.searching import Hit, Index, Where
from clawback.errors import UsageError
from clawback.guard.accounts import AccountCheck, OwnHit, describe
from clawback.guard.lists import ImportedList
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.readers.indicators import spots_in

if TYPE_CHECKING:
    from clawback.desk.workplace import Workplace

__all__ = ["MOST", "AccountCheck", "Vetting", "imported_lists", "indicators_in", "shown", "vet"]

MOST = 50
"""Values of one text that are looked up; a longer message is a list, not a message."""

_WAIT_S = 0.2
_FEWEST_IN_TRANSFER = 8
"""Characters of a value that must agree inside a row of a bill: shorter ones occur in it by chance."""


_ANNOUNCED = {"zh": "账号 ", "en": "account "}
_ZONES = {"zh": "Asia/Shanghai", "en": "Europe/London"}
_LINKS = (IndicatorKind.URL, IndicatorKind.DOMAIN, IndicatorKind.EMAIL)


@dataclass(frozen=True, slots=True)
class Vetting:
    """`unsearched`: cases that are locked, damaged or still being summed up, so that nothing can be said of
    them. `damaged`: a list that could not be read, or None. `left_out`: values beyond `MOST`."""

    checks: tuple[AccountCheck, ...]
    unsearched: int
    damaged: UsageError | None
    left_out: int


def indicators_in(text: str, lang: str) -> tuple[Indicator, ...]:
    """What stands in `text`, once each. A number that nothing tells by its form is taken for an account: a
    field asks for one. `lang`: whose telephone plan a number without country code belongs to."""
    spots = spots_in(text, _ZONES[lang]) or spots_in(_ANNOUNCED[lang] + text, _ZONES[lang])
    return tuple(
        Indicator(kind, value, (), valid, detail)
        for (kind, value), (valid, detail) in {
            (spot.kind, spot.value): (spot.valid, spot.detail) for spot in spots
        }.items()
    )


def shown(check: AccountCheck) -> str:
    """The value for a screen: identity numbers masked, and nothing that could be pressed as a link."""
    if check.kind is IndicatorKind.ID_CARD:
        return f"{check.value[:4]}{'*' * max(0, len(check.value) - 5)}{check.value[-1:]}"
    return check.value.replace(".", "[.]") if check.kind in _LINKS else check.value


def vet(
    workplace: Workplace, indicators: Iterable[Indicator], lang: str, *, own_cases: bool = True
) -> Vetting:
    """Describe each of `indicators`. `lang`: tells where the user is at home ("zh": China, "en": Britain).
    `own_cases`: look for them in the cases that are open."""
    asked = tuple(indicators)
    lists, damaged = imported_lists(workplace)
    lines = workplace.overview.lines(_WAIT_S) if asked and own_cases else ()
    indexes = tuple(workplace.overview.indexes(lines))
    today = workplace.clock().date()
    checks = tuple(
        describe(
            one,
            today,
            home="CN" if lang == "zh" else "GB",
            lists=lists,
            own=_own(one, indexes),
        )
        for one in asked[:MOST]
    )
    unsearched = sum(line.state is not State.READY for line in lines)
    return Vetting(checks, unsearched, damaged, max(0, len(asked) - MOST))


def imported_lists(workplace: Workplace) -> tuple[tuple[ImportedList, ...], UsageError | None]:
    """The lists that count, or what is wrong with one: it must not hide what a number tells by itself."""
    try:
        return lists_in(workplace.home), None
    except UsageError as error:
        return (), error


def _own(indicator: Indicator, indexes: Iterable[tuple[str, Index]]) -> Iterable[OwnHit]:
    for case, index in indexes:
        times = sum(_holds(hit, indicator.value) for hit in index.find(indicator.value))
        if times:
            yield OwnHit(case, times)


def _holds(hit: Hit, value: str) -> bool:
    """Is the hit the value itself, not a longer one that contains it?"""
    if hit.where is Where.ACCOUNT:
        return (hit.before + hit.match + hit.after).casefold() == value.casefold()
    return hit.where is Where.TRANSFER and len(value) >= _FEWEST_IN_TRANSFER
