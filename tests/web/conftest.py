"""A site over an empty workplace, and a small case to look at, both without a network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from clawback.desk import intake
from clawback.desk.livecase import LiveCase
from clawback.desk.workplace import Workplace
from clawback.web.app import make_app
from clawback.web.guard import Sessions
from web.small_case import ANSWERS, write_heap

KEY = "test-key"
HOST = "127.0.0.1:8765"
NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path / "home", lambda: NOW)
    yield place
    place.close()


@pytest.fixture
def stranger(workplace: Workplace) -> Iterator[TestClient]:
    """A browser that has not shown the key."""
    app = make_app(workplace, Sessions(KEY), frozenset({HOST}))
    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        client.headers["origin"] = f"http://{HOST}"
        client.headers["accept-language"] = "zh-CN"
        yield client


@pytest.fixture
def site(stranger: TestClient) -> TestClient:
    """A browser with a session."""
    assert stranger.get(f"/?key={KEY}").status_code == 200
    return stranger


@pytest.fixture(scope="session")
def sealed_small_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case of `small_case`, sealed and read once; tests get a copy."""
    folder = tmp_path_factory.mktemp("small")
    write_heap(folder / "heap")
    options = intake.OpenOptions(now=NOW, answers=ANSWERS)
    intake.open_heap(folder / "heap", folder / "case", options)
    return folder / "case"


@pytest.fixture
def case(workplace: Workplace, sealed_small_case: Path) -> LiveCase:
    """The small case, among the cases of the workplace."""
    import shutil

    workplace.home.mkdir(exist_ok=True)
    shutil.copytree(sealed_small_case, workplace.home / "0123456789abcdef")
    return workplace.case("0123456789abcdef")
