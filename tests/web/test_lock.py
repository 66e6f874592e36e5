"""The lock of an encrypted case: when it locks, how it opens, and that nothing typed is lost on the way."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from clawback.desk import livecase
from clawback.desk.livecase import LiveCase
from clawback.desk.locking import CALL_SECONDS, IDLE_SECONDS, MOST_TRIES, WITHIN_SECONDS
from clawback.desk.workplace import Workplace
from clawback.vault import crypt

SECRET = " 一句只有自己知道的话 "  # noqa: S105 - invented


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty encrypted case; made once, for making it is slow on purpose."""
    return Workplace(tmp_path_factory.mktemp("locked")).begin("cn", passphrase=SECRET).folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def locked(workplace: Workplace, sealed: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> LiveCase:
    """The encrypted case, open, with a clock that stands still. Its key is not forgotten, or each test would
    take seconds."""
    monkeypatch.setattr(livecase, "forget_key", lambda *_: None)
    workplace.home.mkdir(exist_ok=True)
    shutil.copytree(sealed, workplace.home / "abcdef0123456789")
    case = workplace.case("abcdef0123456789")
    case.idle.clock = case.tries.clock = clock
    case.unlock(SECRET)
    return case


AT = "/c/abcdef0123456789"


def opened(site: TestClient, path: str, **headers: str) -> bool:
    """Is the page shown, and not the lock?"""
    answer = site.get(path, headers=headers, follow_redirects=False)
    if answer.status_code == 303:
        assert answer.headers["location"].startswith(f"{AT}/unlock?to=")
        return False
    assert answer.status_code == 200
    return True


def test_it_stays_open_while_somebody_uses_it(site: TestClient, locked: LiveCase, clock: Clock) -> None:
    for _ in range(5):
        clock.seconds += IDLE_SECONDS - 1
        assert opened(site, f"{AT}/settings")


def test_three_minutes_after_the_last_request_it_is_locked(
    site: TestClient, locked: LiveCase, clock: Clock
) -> None:
    assert opened(site, f"{AT}/settings")
    clock.seconds += 180
    assert not opened(site, f"{AT}/settings")
    assert not locked.is_open


def test_what_a_page_fetches_by_itself_keeps_nothing_open(
    site: TestClient, locked: LiveCase, clock: Clock
) -> None:
    assert opened(site, f"{AT}/settings")
    clock.seconds += IDLE_SECONDS - 1
    assert opened(site, f"{AT}/settings", **{"sec-fetch-mode": "cors", "sec-fetch-site": "same-origin"})
    clock.seconds += 1
    assert not opened(site, f"{AT}/settings")


def test_the_page_for_the_call_stays_for_half_an_hour(locked: LiveCase, clock: Clock) -> None:
    locked.idle.renew(CALL_SECONDS)
    clock.seconds += 1799
    locked.shut_if_idle()
    assert locked.is_open
    clock.seconds += 1
    locked.shut_if_idle()
    assert not locked.is_open


def test_unlocking_leads_back_to_the_same_page(site: TestClient, locked: LiveCase) -> None:
    locked.shut()
    page = site.get(f"{AT}/settings?x=1")
    assert "已锁定" in page.text
    assert "忘记口令了" in page.text
    assert "立即离开" in page.text
    assert "tel:110" in page.text
    assert f'value="{AT}/settings?x=1"' in page.text
    form = {"unlock-passphrase": SECRET, "unlock-to": f"{AT}/settings?x=1"}
    answer = site.post(f"{AT}/unlock", data=form, follow_redirects=False)
    assert answer.headers["location"] == f"{AT}/settings?x=1"
    assert opened(site, f"{AT}/settings")


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "/c/other0/", ""]
)
def test_unlocking_leads_nowhere_else(site: TestClient, locked: LiveCase, to: str) -> None:
    locked.shut()
    form = {"unlock-passphrase": SECRET, "unlock-to": to}
    answer = site.post(f"{AT}/unlock", data=form, follow_redirects=False)
    assert answer.headers["location"] == f"{AT}/"


def test_a_wrong_passphrase_is_said_plainly_and_opens_nothing(site: TestClient, locked: LiveCase) -> None:
    locked.shut()
    answer = site.post(f"{AT}/unlock", data={"unlock-passphrase": "wrong"})
    assert answer.status_code == 423
    assert answer.text.count("口令不正确") == 2
    assert 'value="wrong"' not in answer.text
    assert not locked.is_open


def test_after_ten_wrong_ones_even_the_right_one_has_to_wait(locked: LiveCase, clock: Clock) -> None:
    locked.tries._wrong.extend([clock.seconds] * MOST_TRIES)
    locked.shut()
    with pytest.raises(Exception, match="Wait 16 min"):
        locked.unlock(SECRET)
    clock.seconds += WITHIN_SECONDS
    locked.unlock(SECRET)
    assert locked.is_open


def test_what_was_sent_to_a_locked_case_is_kept_and_saved_after_unlocking(
    site: TestClient, locked: LiveCase
) -> None:
    locked.shut()
    story = "第一行\n<b>第二行</b>"
    answer = site.post(f"{AT}/questions/user.story", data={"answer": story})
    assert answer.status_code == 423
    assert "您刚才填的还在" in answer.text
    assert "第一行\n&lt;b&gt;第二行&lt;/b&gt;" in answer.text
    form = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    sent = {**form, "answer": story, "unlock-passphrase": SECRET}
    again = site.post(f"{AT}/unlock", data=sent, follow_redirects=False)
    assert again.status_code == 307  # the browser sends the fields again
    assert again.headers["location"] == f"{AT}/questions/user.story"
    site.post(again.headers["location"], data=sent)
    said = locked.file().answer("user.story")
    assert said is not None
    assert said.value == story


def test_a_wrong_passphrase_does_not_lose_what_was_kept(site: TestClient, locked: LiveCase) -> None:
    locked.shut()
    form = {"answer": "很长的经过", "unlock-again": "1", "unlock-to": f"{AT}/questions/user.story"}
    answer = site.post(f"{AT}/unlock", data={**form, "unlock-passphrase": "wrong"})
    assert "很长的经过" in answer.text
    assert 'name="unlock-again"' in answer.text


def test_what_was_half_filled_is_shown_again_and_not_saved(site: TestClient, locked: LiveCase) -> None:
    locked.shut()
    before = {"answer": "写到一半", "speak": "zh"}
    answer = site.post(f"{AT}/questions/user.story", data=before)
    assert "解锁后接着填" in answer.text
    assert 'name="unlock-speak"' in answer.text
    sent = {"answer": "写到一半", "unlock-speak": "zh", "unlock-again": "1"}
    unlock = {**sent, "unlock-to": f"{AT}/questions/user.story", "unlock-passphrase": SECRET}
    again = site.post(f"{AT}/unlock", data=unlock, follow_redirects=False)
    assert again.status_code == 307
    size = locked.file().log_size
    page = site.post(again.headers["location"], data=unlock).text
    assert "写到一半" in page
    assert locked.file().log_size == size


def test_locking_now_and_leaving_shut_it(site: TestClient, locked: LiveCase) -> None:
    answer = site.post(f"{AT}/lock", follow_redirects=False)
    assert answer.headers["location"].startswith(f"{AT}/unlock")
    assert not locked.is_open
    locked.unlock(SECRET)
    site.post("/leave")
    assert not locked.is_open


def test_no_key_of_a_locked_case_stays_in_memory(workplace: Workplace, sealed: Path) -> None:
    workplace.home.mkdir()
    shutil.copytree(sealed, workplace.home / "abcdef0123456789")
    case = workplace.case("abcdef0123456789")
    case.unlock(SECRET)
    before = len(crypt._unwrapped)
    case.shut()
    assert len(crypt._unwrapped) == before - 1
    case.shut()  # again, and nothing more
    assert len(crypt._unwrapped) == before - 1


def test_a_script_can_ask_how_long_is_left_and_say_that_somebody_is_here(
    site: TestClient, locked: LiveCase, clock: Clock
) -> None:
    locked.idle.renew()
    clock.seconds += 100
    assert site.get(f"{AT}/left").json() == {"seconds": 80}
    assert site.get(f"{AT}/left").json() == {"seconds": 80}  # asking renews nothing
    assert site.post(f"{AT}/left", data={"x": "1"}).json() == {"seconds": 180}
    assert site.post(f"{AT}/left", data={"calling": "1"}).json() == {"seconds": 1800}
    locked.shut()
    assert site.get(f"{AT}/left").json() == {"seconds": 0}
    assert site.post(f"{AT}/left", data={"x": "1"}).json() == {"seconds": 0}


def test_only_pages_of_an_encrypted_case_carry_the_lock(
    site: TestClient, locked: LiveCase, case: LiveCase
) -> None:
    assert "lock.js" in site.get(f"{AT}/settings").text
    assert "lock.js" not in site.get("/c/0123456789abcdef/settings").text


def test_it_does_not_lock_while_its_files_are_read(locked: LiveCase, clock: Clock) -> None:
    from clawback.desk.livecase import ReadingProgress

    locked._progress = ReadingProgress(running=True)
    clock.seconds += 10_000
    locked.shut_if_idle()
    assert locked.is_open
