"""What a check shows as one JSON document, for programs; links are defanged and personal numbers masked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from clawback.desk.checking import (
    Check,
    LinkFound,
    Reason,
    Script,
    Spotted,
    because,
    bodies_of,
    defanged,
    harmless,
)
from clawback.desk.vetting import AccountCheck, shown
from clawback.model.plan import Channel
from clawback.rules.pack import Words

if TYPE_CHECKING:
    from clawback.desk.mailchecking import MailCheck

Json = dict[str, object]


def as_document(seen: Check) -> Json:
    """The check; places are (start, end) in the text that was given, in characters."""
    return {
        "result": seen.result.value,
        "decided": seen.decided.value if seen.decided else None,
        "missing": seen.missing.value if seen.missing else None,
        "advert": seen.advert,
        "probability": round(seen.probability, 4),
        "script": _script(seen.script) if seen.script else None,
        "signals": [_reason(one) for one in seen.reasons],
        "against": [_reason(one) for one in seen.against],
        "warned": list(seen.warned),
        "links": [_link(one) for one in seen.links],
        "links_left": seen.links_left,
        "accounts": [_account(one) for one in seen.accounts.checks] if seen.accounts else [],
        "genuine": [_genuine(one, seen.text) for one in seen.genuine],
        "directory_works": seen.no_directory is None,
        "mail": _mail(seen.mail) if seen.mail else None,
        "cut": seen.cut,
        "crisis": _channel(seen.crisis) if seen.crisis else None,
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": {"zh": channel.name_zh, "en": channel.name_en},
        "phone": channel.phone,
        "url": channel.url,
    }


def _said(words: Words) -> Json:
    return {"zh": words.zh, "en": words.en}


def _script(script: Script) -> Json:
    kind = script.kind
    return {
        "type": kind.id,
        "name": _said(kind.name),
        "stage": script.stage.value if script.stage else None,
        "next": _said(script.next) if script.next else None,
        "change": _said(kind.change),
        "do": _said(kind.do),
    }


def _places(places: Iterable[tuple[int, int]]) -> list[Json]:
    return [{"start": start, "end": end} for start, end in places]


def _reason(reason: Reason) -> Json:
    return {
        "id": reason.id,
        "name": _said(reason.name),
        "means": _said(reason.means),
        "not_when": _said(reason.not_when) if reason.not_when else None,
        "places": _places(reason.places),
    }


def _link(link: LinkFound) -> Json:
    found = link.verdict
    return {
        "start": link.start,
        "end": link.end,
        "shown": link.shown,
        "owner": defanged(found.owner),
        "result": found.result.value,
        "missing": found.missing or None,
        "genuine": _said(found.genuine.name) if found.genuine else None,
        "signs": [
            {"id": one.id, "piece": defanged(one.piece), "why": _said(because(one))} for one in found.signs
        ],
    }


def _account(one: AccountCheck) -> Json:
    return {
        "kind": one.kind.value,
        "shown": shown(one),
        "valid": one.valid,
        "form": _said(one.form),
        "facts": [{"label": _said(fact.label), "value": _said(fact.value)} for fact in one.facts],
        "traits": [{"id": trait.id, "says": _said(trait.says)} for trait in one.traits],
        "listed": [
            {"name": hit.list_name, "source": hit.source, "confidence": hit.confidence.value}
            for hit in one.listed
        ],
        "own": [{"case": hit.case, "times": hit.times} for hit in one.own],
    }


def _genuine(one: Spotted, text: str) -> Json:
    return {
        "start": one.start,
        "end": one.end,
        "asked": defanged(text[one.start : one.end]),
        "standing": one.answer.standing.value,
        "bodies": [{"id": body.id, "name": _said(body.name)} for body in bodies_of(one)],
    }


def _mail(mail: MailCheck) -> Json:
    return {
        "sender": harmless(mail.sender),
        "subject": mail.subject,
        "attachments": list(mail.attachments),
        "incomplete": mail.problem == "incomplete",
        "signs": [
            {"id": one.code, "where": one.where, "quote": harmless(one.quote), "why": _said(one.why)}
            for one in mail.verdict.signs
        ],
    }
