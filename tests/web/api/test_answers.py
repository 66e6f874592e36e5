"""Every answer of the API has the shape that its declaration promises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from clawback.desk.livecase import LiveCase
from clawback.desk.workplace import Workplace
from clawback.web.api import ENDPOINTS, document
from clawback.web.api.checking import Checked, ManyChecked
from clawback.web.api.contract import MOST_BODY, ROOT, Endpoint, ErrorAnswer

CASE = f"{ROOT}/cases/0123456789abcdef"


LOOKS = [one for one in ENDPOINTS if one.method == "GET" and one.answer and "upload" not in one.parts]


@pytest.mark.parametrize("endpoint", LOOKS, ids=lambda one: one.path)
def test_what_can_be_looked_at_answers_in_its_shape(
    site: TestClient, case: LiveCase, endpoint: Endpoint
) -> None:
    transfer = site.get(f"{CASE}/transfers").json()["items"][0]["id"]
    path = endpoint.path.format(case=case.id, number=1, transfer=transfer)
    answer = site.get(ROOT + path)
    assert answer.status_code == 200
    assert endpoint.answer
    endpoint.answer.model_validate_json(answer.content)


def by_sum(site: TestClient, value: str) -> str:
    found = site.get(f"{CASE}/transfers").json()["items"]
    return str(next(one["id"] for one in found if one["amount"]["value"] == value))


def test_sums_are_text_and_say_what_the_evidence_says(site: TestClient, case: LiveCase) -> None:
    transfers = site.get(f"{CASE}/transfers").json()
    assert transfers["total"] == 4
    amounts = {one["payee"]["name"]: one["amount"] for one in transfers["items"] if one["direction"] == "out"}
    assert amounts["李样例"] == {"value": "8000.00", "currency": "CNY"}
    assert site.get(f"{CASE}/losses").json()["items"][0]["sent"] == "11000.00"  # 3,000 + 8,000


def test_a_long_list_comes_in_pieces_without_a_gap(site: TestClient, case: LiveCase) -> None:
    whole = [line["record"] for line in site.get(f"{CASE}/timeline").json()["items"]]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        piece = site.get(f"{CASE}/timeline", params={"cursor": cursor, "limit": 2}).json()
        assert piece["total"] == len(whole)
        seen += [line["record"] for line in piece["items"]]
        cursor = piece["next"]
    assert seen == whole


def test_a_cursor_finds_its_item_after_the_list_has_grown(site: TestClient, case: LiveCase) -> None:
    piece = site.get(f"{CASE}/messages", params={"limit": 1}).json()
    name = piece["next"].partition(".")[2]
    moved = site.get(f"{CASE}/messages", params={"limit": 1, "cursor": f"4.{name}"}).json()
    assert moved["items"][0]["id"] == name


@pytest.mark.parametrize("cursor", ["x", "1", ".", "-1.M", "٣.M", "9" * 30 + ".M", "1." + "M" * 200])
def test_a_cursor_that_is_not_ours_is_refused(site: TestClient, case: LiveCase, cursor: str) -> None:
    answer = site.get(f"{CASE}/messages", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "usage")


def test_a_cursor_to_what_is_gone_says_that_the_list_has_changed(site: TestClient, case: LiveCase) -> None:
    answer = site.get(f"{CASE}/messages", params={"cursor": "1.gone"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "list_changed")


def test_filters_narrow_the_lists(site: TestClient, case: LiveCase) -> None:
    assert site.get(f"{CASE}/transfers?scope=out").json()["total"] == 1  # the coffee
    assert site.get(f"{CASE}/evidence?outcome=unread").json()["total"] == 0
    kinds = {line["kind"] for line in site.get(f"{CASE}/timeline?kind=transfer").json()["items"]}
    assert kinds == {"transfer"}


def test_a_scope_is_decided_and_taken_back(site: TestClient, case: LiveCase) -> None:
    coffee = by_sum(site, "18.50")
    decided = site.post(f"{CASE}/transfers/{coffee}/scope", json={"scope": "in"}).json()
    assert (decided["scope"], decided["confirmed"]) == ("in", True)
    back = site.post(f"{CASE}/transfers/{coffee}/scope", json={"scope": None}).json()
    assert (back["scope"], back["confirmed"]) == ("out", False)


def test_what_is_said_of_two_records_is_written_down_and_taken_back(site: TestClient, case: LiveCase) -> None:
    first, second = by_sum(site, "3000.00"), by_sum(site, "8000.00")
    pair = {"first": first, "second": second}
    for verdict in (True, False, None):
        assert site.post(f"{CASE}/matches", json={**pair, "same": verdict}).status_code == 200
    kinds = [decision.kind for decision in case.records().decisions]
    assert (kinds[0], kinds[-1]) == ("merge", "unpair")
    assert "unmerge" in kinds
    assert site.post(f"{CASE}/matches", json={**pair, "second": first, "same": True}).status_code == 400
    assert site.post(f"{CASE}/matches", json={**pair, "second": "T9", "same": True}).status_code == 404


def test_an_answer_is_sealed_once(site: TestClient, case: LiveCase) -> None:
    before = site.get(CASE).json()["counts"]["exhibits"]
    said = {"answers": {"user.name": "乙某"}}
    assert site.post(f"{CASE}/answers", json=said).json() == {"exhibit": before + 1}
    assert site.post(f"{CASE}/answers", json=said).json() == {"exhibit": None}
    assert site.get(f"{CASE}/statements").json()["items"][-1]["value"] == "乙某"


@pytest.mark.parametrize(
    "answers",
    [{"dates.discovered": "soon"}, {}, {"user.name": "x" * 5000}, {"User Name": "x"}],
)
def test_answers_that_fit_no_question_are_refused(
    site: TestClient, case: LiveCase, answers: dict[str, str]
) -> None:
    answer = site.post(f"{CASE}/answers", json={"answers": answers})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "usage")


def test_what_looks_like_a_code_is_not_kept(site: TestClient, case: LiveCase) -> None:
    before = site.get(CASE).json()["counts"]["exhibits"]
    answer = site.post(f"{CASE}/answers", json={"answers": {"user.name": "验证码 482913"}})
    assert answer.status_code == 400
    assert site.post(f"{CASE}/answers", json={"answers": {"no.such": "x"}}).status_code == 404
    assert site.get(CASE).json()["counts"]["exhibits"] == before


def test_a_step_is_marked_and_the_last_word_holds(site: TestClient, case: LiveCase) -> None:
    step = site.get(f"{CASE}/plan").json()["steps"][0]["id"]
    site.post(f"{CASE}/steps/{step}", json={"outcome": "could_not", "reason": "no_answer", "note": "占线"})
    done = site.post(f"{CASE}/steps/{step}", json={"outcome": "done", "on": "2026-11-20"}).json()
    assert done["marks"][step] == {
        "outcome": "done",
        "reason": "",
        "note": "",
        "on": "2026-11-20",
        "noted_at": "2026-11-20T10:00:00+08:00",
    }
    assert site.post(f"{CASE}/steps/{step}", json={"outcome": "done", "on": "2026-11-21"}).status_code == 400
    assert site.post(f"{CASE}/steps/no.such", json={"outcome": "done"}).status_code == 404


def test_a_text_is_checked_and_nothing_kept(site: TestClient, workplace: Workplace) -> None:
    said = "我们是黑客技术追款团队，100%追回被骗资金，先付服务器费500元。"
    checked = site.post(f"{ROOT}/check", json={"text": said})
    Checked.model_validate_json(checked.content)
    document = checked.json()
    assert document["result"] == "likely"
    assert document["script"]["type"] == "recovery_scam"
    assert document["script"]["next"]["zh"]
    quoted = [said[at["start"] : at["end"]] for one in document["signals"] for at in one["places"]]
    assert any("黑客技术" in words for words in quoted)
    assert not workplace.home.exists()


def test_what_stands_in_a_text_is_told_without_a_live_link(site: TestClient) -> None:
    said = "请打 96110，或看 https://paypal-login.secure-verify.xyz/a ，身份证 11010519491231002X"
    answer = site.post(f"{ROOT}/check", json={"text": said})
    document = Checked.model_validate_json(answer.content)
    assert [link.shown for link in document.links] == ["hxxps://paypal-login[.]secure-verify[.]xyz/a"]
    assert [one.shown for one in document.accounts] == ["1101*************X"]
    assert "cn.anti_fraud_96110" in {body.id for one in document.genuine for body in one.bodies}
    assert "paypal-login.secure" not in answer.text


def test_many_texts_are_answered_in_their_order(site: TestClient, workplace: Workplace) -> None:
    texts = [
        {"id": "b", "text": "我们是黑客技术追款团队，100%追回被骗资金，先付服务器费500元。"},
        {"id": "a", "text": "妈，房租我已经转给房东了，晚上再和你视频"},
        {"id": "b", "text": "双十一全场五折，满300减50，点击进店抢购，回T退订"},
    ]
    answer = site.post(f"{ROOT}/checks", json={"texts": texts})
    checks = ManyChecked.model_validate_json(answer.content).checks
    assert [(one.id, one.verdict) for one in checks] == [("b", "scam"), ("a", "none"), ("b", "advert")]
    assert checks[0].type == "recovery_scam"
    assert checks[0].signals
    assert checks[0].probability > 0.9 > 0.5 > checks[1].probability
    assert not workplace.home.exists()


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        ([], "texts"),
        ([{"id": "a", "text": "x"}] * 501, "texts"),
        ([{"id": "a", "text": "x" * 20_001}], "texts.0.text"),
        ([{"id": "a", "text": ""}], "texts.0.text"),
        ([{"text": "x"}], "texts.0.id"),
        ([{"id": 1, "text": "x"}], "texts.0.id"),
        ([{"id": "a", "text": "x", "more": 1}], "texts.0.more"),
    ],
)
def test_a_batch_beyond_its_bounds_names_the_field(site: TestClient, texts: list[object], names: str) -> None:
    answer = site.post(f"{ROOT}/checks", json={"texts": texts})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "usage")
    assert answer.json()["error"]["message"].startswith((names, f"“{names}”"))


def test_a_batch_of_five_hundred_is_answered(site: TestClient) -> None:
    texts = [{"id": str(n), "text": f"明天 {n} 点见"} for n in range(500)]
    checks = site.post(f"{ROOT}/checks", json={"texts": texts}).json()["checks"]
    assert [one["id"] for one in checks] == [str(n) for n in range(500)]


def test_a_paper_is_made_and_its_file_comes_as_an_attachment(site: TestClient, case: LiveCase) -> None:
    form = site.get(f"{CASE}/papers").json()["forms"][0]["form"]
    made = site.post(f"{CASE}/papers/{form}", json={})
    assert made.status_code == 201
    name = made.json()["files"][0]
    file = site.get(f"{CASE}/papers/{form}/files/{name}")
    assert file.status_code == 200
    assert file.headers["content-disposition"].startswith("attachment")
    assert [one["form"] for one in site.get(f"{CASE}/papers").json()["filings"]] == [form]
    (case.folder / "papers" / name).write_bytes(b"changed")
    changed = site.get(f"{CASE}/papers/{form}/files/{name}")
    assert (changed.status_code, changed.json()["error"]["code"]) == (500, "case_damaged")
    assert site.get(f"{CASE}/papers/{form}/files/case.json").status_code == 404
    assert site.post(f"{CASE}/papers/no_such", json={}).status_code == 404


def test_a_case_is_begun_locked_and_opened(site: TestClient, workplace: Workplace) -> None:
    begun = site.post(f"{ROOT}/cases", json={"jurisdiction": "gb", "passphrase": "correct horse"})
    assert begun.status_code == 201
    own = f"{ROOT}/cases/{begun.json()['id']}"
    assert begun.json()["case"]["lang"] == "en"
    assert site.post(f"{own}/lock", json={}).json()["case"] is None
    locked = site.get(f"{own}/card")
    assert (locked.status_code, locked.json()["error"]["code"]) == (423, "case_locked")
    assert site.post(f"{own}/unlock", json={"passphrase": "wrong"}).status_code == 423
    assert site.get(own).json()["open"] is False
    assert site.post(f"{own}/unlock", json={"passphrase": "correct horse"}).json()["open"] is True
    assert site.get(f"{ROOT}/cases").json()["items"][0]["encrypted"] is True


def test_reading_goes_on_in_the_background(site: TestClient, case: LiveCase) -> None:
    assert site.post(f"{CASE}/reading", json={}).status_code == 202
    case.wait_until_read(30)
    assert site.get(f"{CASE}/reading").json()["waiting"] == 0


REFUSALS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/cases/abcdef", {}, 404, "case_not_found"),
    ("GET", "/cases/%2e%2e%2f", {}, 404, "not_found"),
    ("GET", "/nothing", {}, 404, "not_found"),
    ("DELETE", "/cases", {}, 405, "method_not_allowed"),
    ("GET", "/cases?limit=0", {}, 400, "usage"),
    ("GET", "/cases?limit=201", {}, 400, "usage"),
    ("GET", "/cases?limit=1&limit=2", {}, 400, "usage"),
    ("GET", "/cases?other=1", {}, 400, "usage"),
    ("GET", "/help-lines?jurisdiction=zz", {}, 400, "usage"),
    ("POST", "/cases", {"content": b"{}"}, 415, "not_json"),
    ("POST", "/cases", {"data": {"jurisdiction": "cn"}}, 415, "not_json"),
    ("POST", "/cases", {"json": []}, 400, "usage"),
    ("POST", "/cases", {"json": {"jurisdiction": "cn", "admin": True}}, 400, "usage"),
    ("POST", "/cases", {"json": {"jurisdiction": "cn", "lang": "x" * MOST_BODY}}, 413, "too_large"),
]


@pytest.mark.parametrize(("method", "path", "sent", "status", "code"), REFUSALS)
def test_a_refusal_is_json_with_a_stable_code(
    site: TestClient, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = site.request(method, ROOT + path, **sent)
    ErrorAnswer.model_validate_json(answer.content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"jurisdiction": NaN}', b'"\\ud800"'])
def test_what_is_no_json_is_refused(site: TestClient, body: bytes) -> None:
    answer = site.post(f"{ROOT}/cases", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "usage")


def test_a_refusal_never_repeats_what_was_sent(site: TestClient) -> None:
    answer = site.post(f"{ROOT}/cases", json={"jurisdiction": "secret-word"})
    assert "secret-word" not in answer.text


def test_a_refusal_speaks_the_readers_language(site: TestClient) -> None:
    said = site.get(f"{ROOT}/nothing", headers={"accept-language": "en"}).json()["error"]["message"]
    assert said == "There is nothing here."
    assert site.get(f"{ROOT}/nothing").json()["error"]["message"] == "这里什么也没有。"


def test_another_program_comes_in_with_the_key(stranger: TestClient, case: LiveCase) -> None:
    del stranger.headers["origin"]
    for scheme, status in [("Bearer test-key", 200), ("bearer test-key", 200), ("test-key", 403), ("", 403)]:
        assert stranger.get(f"{CASE}/card", headers={"authorization": scheme}).status_code == status
    made = stranger.post(
        f"{ROOT}/cases", json={"jurisdiction": "cn"}, headers={"authorization": "Bearer test-key"}
    )
    assert made.status_code == 201


def test_a_fault_of_ours_is_json_and_marked_like_every_answer(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(case), "file", lambda _: 1 / 0)
    answer = site.get(f"{CASE}/card")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "fault")
    assert answer.headers["cache-control"] == "no-store"
    page = site.get("/c/0123456789abcdef/")
    assert (page.status_code, page.headers["cache-control"]) == (500, "no-store")
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_document_describes_every_route(site: TestClient) -> None:
    told = site.get(f"{ROOT}/openapi.json").json()
    assert told == json.loads(json.dumps(document("clawback-8765")))
    described = {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    assert described >= {(one.method, ROOT + one.path) for one in ENDPOINTS}
    ids = [operation["operationId"] for methods in told["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))
