"""Payments that the user types become transfers of the statement in which they stand.

Facts that are stated later, and those about a transfer that evidence shows, are put together in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clawback.model.card import TEN_FACTS
from clawback.model.events import Account, Direction, Statement, Transfer, TransferStatus
from clawback.model.evidence import Problem, Severity
from clawback.model.stated import TYPED_PAYMENT, fact_of, stated_amount, stated_method, stated_moment
from clawback.readers.contract import ReadingContext


def payments_in(
    statements: Iterable[Statement], context: ReadingContext
) -> tuple[tuple[Transfer, ...], tuple[Problem, ...]]:
    """One transfer for each typed payment with an amount; without one its facts stay statements, and wait."""
    payments: dict[str, dict[str, Statement]] = {}
    for statement in statements:
        fact = fact_of(statement.question)
        if fact and TYPED_PAYMENT.fullmatch(statement.subject) and statement.value:
            payments.setdefault(statement.subject, {})[fact] = statement
    problems = [problem for said in payments.values() for problem in _problems(said, context)]
    found = (_transfer(said, context.zone) for said in payments.values())
    return tuple(transfer for transfer in found if transfer), tuple(problems)


def _transfer(said: Mapping[str, Statement], zone: str) -> Transfer | None:
    words = {fact: statement.value for fact, statement in said.items()}
    amount = stated_amount(words.get("amount", ""))
    if amount is None:
        return None
    first = said["amount"].sources
    rest = (said[fact].sources for fact in TEN_FACTS if fact in said and fact != "amount")
    return Transfer(
        direction=Direction.OUT,
        amount=amount,
        moment=stated_moment(words.get("moment", ""), zone),
        status=TransferStatus.UNKNOWN,
        method=stated_method(words.get("method", "")),
        payer=Account(words.get("payer_name"), words.get("paying_institution"), words.get("paying_account")),
        payee=Account(words.get("payee_name"), words.get("payee_institution"), words.get("payee_account")),
        sources=(*first, *(source for sources in rest for source in sources)),
        reference=words.get("reference"),
    )


def _problems(said: Mapping[str, Statement], context: ReadingContext) -> Iterable[Problem]:
    amount, moment = said.get("amount"), said.get("moment")
    if amount and stated_amount(amount.value) is None:
        yield context.problem("amount_unclear", amount.sources[0].locator, amount.value, Severity.ERROR)
    if moment and stated_moment(moment.value, context.zone) is None:
        yield context.problem("date_not_understood", moment.sources[0].locator, moment.value)
