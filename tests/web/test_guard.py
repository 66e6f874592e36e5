"""Strangers stay out: other hosts, other sites, and whoever has no key."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from clawback.web.guard import POLICY, own_path


def test_without_the_key_nothing_is_shown(stranger: TestClient) -> None:
    assert stranger.get("/").status_code == 403
    assert stranger.get("/?key=wrong").status_code == 403
    assert stranger.get("/cases").status_code == 403


def test_the_key_is_taken_out_of_the_address(stranger: TestClient) -> None:
    answer = stranger.get("/safely?key=test-key&x=1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/safely?x=1")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=strict" in answer.headers["set-cookie"].lower()


def test_another_host_name_is_not_answered_even_with_the_key(site: TestClient) -> None:
    assert site.get("/", headers={"host": "evil.example"}).status_code == 421
    assert site.get("/?key=test-key", headers={"host": "127.0.0.1.evil.example:8765"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_request_that_another_site_started_is_refused(site: TestClient, headers: dict[str, str]) -> None:
    assert site.post("/leave", headers=headers).status_code == 403
    assert site.get("/", headers=headers).status_code == 403


def test_a_post_that_does_not_say_where_it_comes_from_is_refused(site: TestClient) -> None:
    del site.headers["origin"]
    assert site.post("/leave").status_code == 403


def test_every_answer_says_what_a_browser_may_do(site: TestClient) -> None:
    for path in ("/", "/nope", "/safely"):
        headers = site.get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_leaving_ends_the_session_and_makes_the_browser_forget(site: TestClient) -> None:
    answer = site.post("/leave")
    assert "Clear-Site-Data" in answer.headers
    assert "追回" not in answer.text
    assert site.get("/").status_code == 403


@pytest.mark.parametrize(
    "path", ["//host", "/\\host", "https://host", "\\\\host", "javascript:alert(1)", "/a\nb", ""]
)
def test_no_redirect_leads_to_another_host(path: str) -> None:
    assert own_path(path) == "/"


def test_changing_the_language_goes_back_only_to_our_own_pages(site: TestClient) -> None:
    answer = site.get("/speak/en?to=//evil.example", follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_static_files_do_not_lead_out_of_their_folder(site: TestClient) -> None:
    assert site.get("/static/x/..%2f..%2fguard.py").status_code == 404
    assert site.get("/static/x/clawback.css").status_code == 200


def test_the_small_case_opens(site: TestClient, case: object) -> None:
    assert "今天" in site.get("/c/0123456789abcdef/").text
