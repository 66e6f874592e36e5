"""Dropping the heap: by a form without scripts, piece by piece through the API, and what is told of it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from collections import namedtuple
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from clawback.desk.background import Landed
from clawback.desk.livecase import LiveCase, ReadingProgress
from clawback.desk.records import exhibit_bytes, load_records
from clawback.desk.uploads import HEAD, LEAST_PIECE, PIECE, keep_piece, seal_files, uploads
from clawback.desk.workplace import Workplace
from clawback.web import incoming
from clawback.web.api.uploads import pieces
from clawback.web.pages import progress

DATA = b"".join(hashlib.sha256(str(number).encode()).digest() for number in range(5 * 1024 * 32)) + b"end"
CHAT = """2026-11-18 20:10:00 导师小林
先转3000到支付宝，收款人 王样本，转好截图

2026-11-18 20:15:00 我
3000转好了

2026-11-19 09:06:00 我
为什么还不能提现
"""


@pytest.fixture(autouse=True)
def in_the_box(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only tests that are about reading wait for it."""
    if "reading" not in request.fixturenames:
        monkeypatch.setattr(LiveCase, "start_reading", lambda _: None)


@pytest.fixture
def reading() -> None:
    """Files are read as in real life."""


def new(case: LiveCase) -> list[tuple[int, tuple[str, ...]]]:
    """Exhibits beyond the small case's own."""
    return [(one.number, one.names) for one in load_records(case.folder).exhibits if one.number > 5]


def add(site: TestClient, case: LiveCase, *files: tuple[str, bytes]) -> Any:
    sent = [("files", (name, data, "application/octet-stream")) for name, data in files]
    return site.post(f"/c/{case.id}/add", files=sent, follow_redirects=False)


# the page and its form


@pytest.mark.usefixtures("reading")
def test_files_of_a_form_are_sealed_and_read(site: TestClient, case: LiveCase) -> None:
    answer = add(site, case, ("微信聊天_导师.txt", CHAT.encode()), ("大.bin", DATA), ("空.txt", b""))
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/c/{case.id}/add?watch=1&sealed=3&known=0"
    assert new(case) == [(6, ("微信聊天_导师.txt",)), (7, ("大.bin",)), (8, ("空.txt",))]
    assert exhibit_bytes(case.folder, 7) == DATA
    case.wait_until_read(60)
    page = site.get(answer.headers["location"]).text
    assert "已封存 3 份，原件不会改动。" in page
    assert "大.bin" in page  # not understood, so it is named with what to do
    assert "能打开的话，把要紧的地方截图，再放一份截图进来。" in page
    assert "no_reader" in page


def test_while_files_are_read_the_page_without_scripts_reloads_itself(
    site: TestClient, case: LiveCase
) -> None:
    add(site, case, ("a.txt", b"one"))
    page = site.get(f"/c/{case.id}/add?watch=1").text
    assert re.search(r'<noscript>\s*<meta http-equiv="refresh" content="5">', page)
    assert "还有 1 份等着读。" in page
    assert f'action="/c/{case.id}/add/read"' in page
    assert "refresh" not in site.get(f"/c/{case.id}/add").text.partition("<body")[0]


@pytest.mark.usefixtures("reading")
def test_reading_goes_on_by_hand(site: TestClient, case: LiveCase) -> None:
    seal_files(case, [(b"a.txt", [b"one"])])
    case.resumed = True
    assert site.post(f"/c/{case.id}/add/read", follow_redirects=False).status_code == 303
    case.wait_until_read(60)
    assert "还有" not in site.get(f"/c/{case.id}/add").text


def test_the_same_bytes_are_told_as_known(site: TestClient, case: LiveCase) -> None:
    add(site, case, ("a.txt", b"one"))
    answer = add(site, case, ("文件夹/b.txt", b"one"))
    assert new(case) == [(6, ("a.txt", "文件夹/b.txt"))]
    assert "其中 1 份案件里已经有了，没有重复存。" in site.get(answer.headers["location"]).text


def test_nothing_chosen_is_said_beside_the_field_and_above(site: TestClient, case: LiveCase) -> None:
    answer = site.post(f"/c/{case.id}/add", files=[("files", ("", b"", "application/octet-stream"))])
    assert answer.status_code == 400
    assert answer.text.count("请先选择文件。") == 2
    assert new(case) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"words"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--y\r\nnothing of the kind"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nbroken off',
        ),
        ("multipart/form-data; boundary=x", b"--x\r\nA: " + b"v" * 20_000 + b"\r\n\r\n--x--"),
    ],
)
def test_what_is_no_form_seals_nothing_and_leaves_nothing(
    site: TestClient, case: LiveCase, kind: str, body: bytes
) -> None:
    answer = site.post(f"/c/{case.id}/add", content=body, headers={"content-type": kind})
    assert answer.status_code == 400
    assert new(case) == []
    assert uploads(case) == ()


def test_files_before_a_form_breaks_off_are_sealed(site: TestClient, case: LiveCase) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n'
    body = head % b"a.txt" + b"whole\r\n" + head % b"b.txt" + DATA
    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = site.post(f"/c/{case.id}/add", content=body, headers=kind)
    assert answer.status_code == 400
    assert "传完的已封存" in answer.text
    assert new(case) == [(6, ("a.txt",))]
    assert uploads(case) == ()


def test_too_many_files_at_once_are_refused(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "_MOST_PARTS", 2)
    assert add(site, case, *[(f"{n}.txt", b"%d" % n) for n in range(3)]).status_code == 400


HOSTILE = [
    "<script>alert(1)</script>.txt",
    '"><img src=x onerror=alert(1)>.txt',
    "../../../etc/passwd",
    "a\u202egpj.exe",
    "{{7*7}}.txt",
    "名字" * 200 + ".txt",
    "😀\u200f.txt",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_nothing_else(site: TestClient, case: LiveCase, name: str) -> None:
    began = site.post(f"/api/v1/cases/{case.id}/uploads", json={"name": name, "size": 3}).json()
    page = site.get(f"/c/{case.id}/add").text
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert len(began["name"]) <= 120
    sent = site.patch(
        f"/api/v1/cases/{case.id}/uploads/{began['id']}?offset=0", content=name[:3].encode()[:3]
    )
    assert sent.json()["sealed"]["name"] == began["name"]


def test_an_unfinished_upload_is_offered_and_can_be_given_up(site: TestClient, case: LiveCase) -> None:
    began = site.post(f"/api/v1/cases/{case.id}/uploads", json={"name": "录屏.mp4", "size": 10**7}).json()
    page = site.get(f"/c/{case.id}/add").text
    assert "没传完的 1 份" in page
    assert "已传 0 B，共 10.0 MB" in page
    for _ in range(2):
        gone = site.post(f"/c/{case.id}/add/forget", data={"upload": began["id"]}, follow_redirects=False)
        assert gone.status_code == 303
    assert "没传完的" not in site.get(f"/c/{case.id}/add").text


def test_in_english_too(site: TestClient, case: LiveCase) -> None:
    answer = add(site, case, ("a.txt", b"one"))
    english = {"accept-language": "en"}
    page = site.get(answer.headers["location"], headers=english).text
    assert "Sealed one file. The original is never changed." in page


# the API


def begin_by_api(site: TestClient, case: LiveCase, name: str, data: bytes) -> Any:
    about = {"name": name, "size": len(data), "modified": 1, "head": hashlib.sha256(data[:HEAD]).hexdigest()}
    answer = site.post(f"/api/v1/cases/{case.id}/uploads", json=about)
    assert answer.status_code == 201
    return answer.json()


def test_a_file_is_sent_in_pieces_and_sealed_with_the_last(site: TestClient, case: LiveCase) -> None:
    path = f"/api/v1/cases/{case.id}/uploads"
    began = begin_by_api(site, case, "相册/录屏.mp4", DATA)
    assert (began["name"], began["size"], began["offset"], began["sealed"]) == (
        "相册/录屏.mp4",
        len(DATA),
        0,
        None,
    )
    half = site.patch(f"{path}/{began['id']}?offset=0", content=DATA[:PIECE]).json()
    assert (half["offset"], half["sealed"]) == (PIECE, None)
    assert begin_by_api(site, case, "相册/录屏.mp4", DATA)["id"] == began["id"]
    assert [one["offset"] for one in site.get(path).json()["uploads"]] == [PIECE]
    assert site.get(f"{path}/{began['id']}").json()["offset"] == PIECE
    whole = site.put(f"{path}/{began['id']}?offset={PIECE}", content=DATA[PIECE:]).json()
    assert whole["sealed"] == {"number": 6, "name": "相册/录屏.mp4", "known": False}
    assert exhibit_bytes(case.folder, 6) == DATA
    assert site.get(path).json() == {"uploads": []}
    assert site.get(f"{path}/{began['id']}").status_code == 404


def test_one_body_may_hold_the_whole_file(site: TestClient, case: LiveCase) -> None:
    began = begin_by_api(site, case, "a.mp4", DATA)
    path = f"/api/v1/cases/{case.id}/uploads/{began['id']}?offset=0"
    assert site.patch(path, content=DATA).json()["sealed"]["number"] == 6


def test_what_is_all_there_is_sealed_by_an_empty_body(site: TestClient, case: LiveCase) -> None:
    for data in (b"", b"abc"):
        began = begin_by_api(site, case, f"{len(data)}.txt", data)
        path = f"/api/v1/cases/{case.id}/uploads/{began['id']}?offset={len(data)}"
        if data:
            keep_piece(case, began["id"], 0, data)
        assert site.patch(path, content=b"").json()["sealed"]["known"] is False


@pytest.mark.parametrize(
    ("query", "body", "status", "code"),
    [
        ("", b"x", 400, "usage"),
        ("?offset=-1", b"x", 400, "usage"),
        ("?offset=9999999999999999999", b"x", 400, "usage"),
        ("?offset=1", b"x", 409, "upload_conflict"),
        ("?offset=0", b"", 200, None),
        ("?offset=5", b"", 409, "upload_conflict"),
        ("?offset=0", b"x", 422, "upload_refused"),
        ("?offset=0", DATA + b"more", 413, "upload_too_large"),
    ],
)
def test_a_piece_that_does_not_fit_is_refused_in_words(
    site: TestClient, case: LiveCase, query: str, body: bytes, status: int, code: str | None
) -> None:
    began = begin_by_api(site, case, "a.mp4", DATA)
    answer = site.patch(f"/api/v1/cases/{case.id}/uploads/{began['id']}{query}", content=body)
    assert answer.status_code == status
    if code:
        error = answer.json()["error"]
        assert error["code"] == code
        assert error["message"]
    assert new(case) == []


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"name": "a"},
        {"name": "a", "size": -1},
        {"name": "a", "size": 1, "head": "zz"},
        {"name": "a" * 5000, "size": 1},
    ],
)
def test_a_description_that_is_none_is_refused(
    site: TestClient, case: LiveCase, about: dict[str, object]
) -> None:
    answer = site.post(f"/api/v1/cases/{case.id}/uploads", json=about)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["code"]


def test_uploads_of_another_case_do_not_exist_here(
    site: TestClient, case: LiveCase, workplace: Workplace
) -> None:
    other = workplace.begin("cn")
    began = begin_by_api(site, other, "a.mp4", DATA)
    path = f"/api/v1/cases/{case.id}/uploads/{began['id']}"
    assert site.get(path).status_code == 404
    assert site.patch(f"{path}?offset=0", content=DATA).status_code == 404
    assert site.delete(path).status_code == 404
    assert site.delete(f"/api/v1/cases/{other.id}/uploads/{began['id']}").status_code == 204
    assert site.patch("/api/v1/cases/ffffffffffffffff/uploads/x?offset=0", content=b"").status_code == 404


def test_another_site_and_a_stranger_can_send_nothing(stranger: TestClient, case: LiveCase) -> None:
    path = f"/api/v1/cases/{case.id}/uploads"
    assert stranger.post(path, json={"name": "a", "size": 1}).status_code == 403
    evil = {"origin": "http://evil.example"}
    assert stranger.patch(f"{path}/x?offset=0", content=b"x", headers=evil).status_code == 403
    assert stranger.get(f"/c/{case.id}/progress").status_code == 403


def test_a_body_never_lies_in_memory_as_a_whole() -> None:
    sizes: list[int] = []

    async def stream() -> Any:
        for _ in range(200):
            yield b"x" * 100_000

    async def cut() -> None:
        async for piece in pieces(stream()):
            sizes.append(len(piece))

    anyio.run(cut)
    assert sizes == [PIECE] * 4 + [20_000_000 - 4 * PIECE]


@pytest.mark.parametrize(("came", "kept"), [(LEAST_PIECE - 1, []), (LEAST_PIECE, [LEAST_PIECE])])
def test_of_a_connection_that_breaks_what_came_is_kept(came: int, kept: list[int]) -> None:
    messages: Iterator[dict[str, object]] = iter(
        [{"type": "http.request", "body": b"x" * came, "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Any:
        return next(messages)

    async def cut() -> list[int]:
        request = Request({"type": "http", "method": "PATCH", "headers": []}, receive)
        return [len(piece) async for piece in pieces(request.stream())]

    assert anyio.run(cut) == kept


# progress


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "STEP_SECONDS", 0.05)


@pytest.mark.usefixtures("quickly", "reading")
def test_progress_tells_sealing_reading_each_outcome_and_the_end(site: TestClient, case: LiveCase) -> None:
    add(site, case, ("微信聊天_导师.txt", CHAT.encode()), ("大.bin", DATA))
    told = events(site.get(f"/c/{case.id}/progress?after=0").text)
    rows = [row for kind, data in told if kind == "landed" for row in data]
    assert [(row["number"], row["name"], row["outcome"], row["found"]) for row in rows] == [
        (6, "微信聊天_导师.txt", "ok", "3 条消息"),
        (7, "大.bin", "unread", ""),
    ]
    assert rows[1]["why"] == "我们还读不了这种文件，原件已封存"
    assert rows[1]["todo"] == "能打开的话，把要紧的地方截图，再放一份截图进来。"
    states = [data for kind, data in told if kind == "state"]
    assert states[-1]["sealed"] == 2
    assert not states[-1]["running"]
    assert told[-1][0] == "done"
    assert told[-1][1]["all"] == "案件里现在有 7 份证据，封存后不会改动。"


@pytest.mark.usefixtures("quickly", "reading")
def test_who_comes_back_hears_only_what_is_new(site: TestClient, case: LiveCase) -> None:
    add(site, case, ("a.txt", b"one"), ("b.txt", b"two"))
    case.wait_until_read(60)
    path = f"/c/{case.id}/progress"
    assert (
        len(
            [1 for kind, _ in events(site.get(path, headers={"last-event-id": "0"}).text) if kind == "landed"]
        )
        == 1
    )
    assert [kind for kind, _ in events(site.get(path, headers={"last-event-id": "2"}).text)] == [
        "state",
        "done",
    ]
    assert [kind for kind, _ in events(site.get(path).text)] == ["state", "done"]
    assert [kind for kind, _ in events(site.get(f"{path}?after=x").text)] == ["state", "done"]


@pytest.mark.usefixtures("quickly")
def test_progress_ends_when_whoever_looks_has_left(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions: Any = site.app.state.sessions  # type: ignore[attr-defined]
    looks = iter([True, True, False])
    monkeypatch.setattr(sessions, "knows", lambda _: next(looks))
    told = events(site.get(f"/c/{case.id}/progress").text)
    assert [kind for kind, _ in told] == ["state"]


@pytest.mark.usefixtures("reading")
def test_files_that_were_not_read_are_named_fifty_at_a_time(site: TestClient, case: LiveCase) -> None:
    add(site, case, *[(f"{n}.bin", b"\0\xff\1" * 50 + b"%d" % n) for n in range(60)])
    case.wait_until_read(120)
    page = site.get(f"/c/{case.id}/add").text
    assert "没有全部读懂的 60 份" in page
    assert page.count("no_reader") == 50
    assert "59.bin" in page
    assert site.get(f"/c/{case.id}/add?page=2").text.count("no_reader") == 10


def test_a_full_disk_is_told_in_words_by_page_and_api(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = begin_by_api(site, case, "a.mp4", DATA)
    disk = namedtuple("disk", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk(10**9, 10**9, 0))
    answer = site.patch(f"/api/v1/cases/{case.id}/uploads/{began['id']}?offset=0", content=DATA[:PIECE])
    assert answer.status_code == 413
    assert answer.json()["error"] == {
        "code": "disk_full",
        "message": "磁盘满了。已封存的都完好，请清出约 72 MB 后再继续。",
    }
    answer = add(site, case, ("a.txt", b"one"))
    assert answer.status_code == 413
    assert "有的没有放进来" in answer.text
    assert "磁盘满了。已封存的都完好" in answer.text


class Restless:
    """A case at which something happens all the time."""

    is_open, sealed = True, 0

    def __init__(self) -> None:
        self.asked = 0

    @property
    def progress(self) -> ReadingProgress:
        self.asked += 1
        return ReadingProgress(True, self.asked, 10**6, "a.txt")

    def landed(self, after: int = 0) -> tuple[int, tuple[Landed, ...]]:
        return after, ()


def test_many_who_look_get_a_bounded_number_of_events_and_hold_no_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "STEP_SECONDS", 0.1)
    visit: Any = SimpleNamespace(request=SimpleNamespace(scope={}), lang="zh")
    case: Any = Restless()
    heard: list[int] = []

    async def look() -> None:
        count = 0
        try:
            async for event in progress._events(visit, case, 0):
                count += event.count("event: ")
        finally:
            heard.append(count)

    async def all_look() -> None:
        with anyio.move_on_after(1.05):  # they go away in the middle
            async with anyio.create_task_group() as group:
                for _ in range(100):
                    group.start_soon(look)

    threads = threading.active_count()
    anyio.run(all_look)
    assert len(heard) == 100
    assert max(heard) <= 11
    assert threading.active_count() <= threads
