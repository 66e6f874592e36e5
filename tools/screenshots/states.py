"""States that no address leads to: they are reached by doing something on a page."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page
from tools.screenshots import cases
from tools.screenshots.served import Site

OFFER = "我们是黑客技术追款团队，100%追回被骗资金，先付服务器费500元，加微信 helper_recover"
HARMLESS = "明天下午三点在图书馆见，记得带上次借的书。"
LINKED = "See https://paypal-login.secure-verify.xyz/a and bit.ly/3xyz, or call +44 20 7946 0000. 请拨打96110"

State = Callable[[Page, Site], None]


def _after(*answers: str) -> State:
    """The page of the interview after these answers; "" goes on from a page without a question."""

    def bring(page: Page, site: Site) -> None:
        page.goto(site.origin + "/")
        _press(page, ".door-first")
        for answer in answers:
            _press(page, f'main button[value="{answer}"]' if answer else "main a.button-first")

    return bring


def _press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def _send(page: Page, form: str = "#main-form", **fields: str) -> None:
    """Send a form as it is, with these fields, past what the browser or a script would stop."""
    for name, value in fields.items():
        page.locator(f'{form} [name="{name}"]').first.fill(value)
    with page.expect_navigation():
        page.locator(form).first.evaluate("(form) => HTMLFormElement.prototype.submit.call(form)")


def _sent(path: str, form: str = "#main-form", **fields: str) -> State:
    """A form of one of our pages, sent with these fields."""

    def bring(page: Page, site: Site) -> None:
        page.goto(site.origin + path)
        _send(page, form, **fields)

    return bring


def _at(path: str) -> State:
    """A page that links alone do not lead to."""

    def bring(page: Page, site: Site) -> None:
        page.goto(site.origin + path)

    return bring


_TO_PROOF = ("no", "longer_ago", "bank_transfer", "cn")
_PLAYER = f"/c/{cases.PLAYER}"


def _typed(page: Page, site: Site) -> None:
    _after(*_TO_PROOF)(page, site)
    _press(page, 'main a[href$="/typed"]')


def _typed_and_sent(**fields: str) -> State:
    def bring(page: Page, site: Site) -> None:
        _typed(page, site)
        _send(page, **fields)

    return bring


def _reply_without_words(page: Page, site: Site) -> None:
    page.goto(site.origin + "/ratings")
    _press(page, "a.row")
    _press(page, 'main a[href$="/reply"]')
    _send(page, by="")


def _checkup(*buttons: str) -> State:
    """The check-up after these buttons."""

    def bring(page: Page, site: Site) -> None:
        page.goto(site.origin + "/checkup?after=takeover")
        for button in buttons:
            _press(page, f'button[name="do"][value="{button}"]')

    return bring


def _no_file(page: Page, site: Site) -> None:
    _after(*_TO_PROOF)(page, site)
    _send(page, "main form")


STATES: dict[str, State] = {
    "cases-search-found": _sent("/cases/search", "form.search", q="王样本"),
    "cases-search-nothing": _sent("/cases/search", "form.search", q="没有这个词"),
    "now-1-contact": _after(),
    "now-2-stop": _after("yes"),
    "now-3-when": _after("no"),
    "now-4-how": _after("no", "earlier_today"),
    "now-5-where": _after("no", "earlier_today", "alipay"),
    "now-6-elsewhere": _after("no", "earlier_today", "alipay", "hk"),
    "now-7-nowhere": _after("no", "earlier_today", "alipay", "hk", "none"),
    "now-8-show": _after(*_TO_PROOF),
    "now-8-show-nothing-chosen": _no_file,
    "now-9-typed": _typed,
    "now-9-typed-wrong": _typed_and_sent(amount="很多", payee_name="王样本"),
    "now-9-typed-danger": _typed_and_sent(amount="12000", payee_name="不想活了"),
    "now-card-nothing-sent": _after("no", "none_sent", "cn"),
    "now-card-typed": _typed_and_sent(amount="12000", payee_name="王样本"),
    "check-scam": _sent("/check", text=OFFER),
    "check-nothing-found": _sent("/check", text=HARMLESS),
    "check-link-and-numbers": _sent("/check", text=LINKED),
    "check-cannot-tell": _sent("/check", text="6222020000000000000"),
    "check-nothing-typed": _sent("/check", text=""),
    "directory-theirs": _sent("/check/directory", asked="95188", claimed="支付宝"),
    "directory-anothers": _sent("/check/directory", asked="95188", claimed="公安局"),
    "directory-alike": _sent("/check/directory", asked="+86 96110"),
    "directory-unknown": _sent("/check/directory", asked="555-0100", claimed="某某快递"),
    "directory-nothing-typed": _sent("/check/directory", asked=""),
    "platform-signs": _sent("/check/platform", firm="金鼎投资有限公司", payee_name="王样本"),
    "platform-nothing-answered": _sent("/check/platform", firm=""),
    "ratings-nothing-found": _sent("/ratings", q="没有这个词"),
    "ratings-reply-wrong": _reply_without_words,
    "learn-quiz-told": _at("/learn/quiz?round=0&n=1&answer=scam"),
    "learn-quiz-done": _at("/learn/quiz?round=0&n=7"),
    "checkup-question": _checkup("begin"),
    "checkup-how": _checkup("begin", "no"),
    "checkup-what": _checkup("begin", "unknown"),
    "checkup-list": _checkup("begin", "no", "next", "unknown", "next", "yes", "to:list"),
    "checkup-list-empty": _checkup("begin", "to:list"),
    "form-unlock-wrong": _sent(f"/c/{cases.LOCKED}/unlock", "main form", **{"unlock-passphrase": "wrong"}),
    "form-add-nothing-chosen": _sent(f"{_PLAYER}/add", "#drop"),
    "form-question-wrong": _sent(f"{_PLAYER}/questions/dates.discovered", answer="前天吧"),
    "form-paper-not-confirmed": _sent(f"{_PLAYER}/papers/police_report/make", name=""),
}
"""Name of the picture, and what brings the page into that state."""
