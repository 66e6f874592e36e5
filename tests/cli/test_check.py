"""`clawback check` as a person and as a program types it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from clawback.cli import main
from clawback.cli.check import MOST_LINE
from clawback.desk.lists import import_list

Run = Callable[..., tuple[int, str, str]]
SCAM = "我们是黑客技术追款团队，100%追回，先付服务器费，详见 https://zhuikuan.example/a 加微信 sample-zk99"
HONEST = "妈，房租我已经转给房东了，晚上再和你视频"
MAIL = b"""\
From: "MetaMask" <support@notice.example>
To: li@example.com
Reply-To: help.desk.wallet@gmail.com
Subject: Your wallet will be suspended
Content-Type: text/html; charset=utf-8

<p>Dear user, verify your wallet: enter your recovery phrase within 24 hours.</p>
<a href="http://203.0.113.4/verify">www.metamask.io</a>
"""
CHAT = "\n".join(
    (
        "2026-11-01 10:00 老师",
        "您好，我是导师，带您做投资，稳赚不赔",
        "",
        "2026-11-01 10:01 我",
        "真的吗",
        "",
        "2026-11-01 10:02 老师",
        "内幕消息，保本高收益，先充值5000元到平台",
        "",
    )
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    def type_in(*words: object, stdin: bytes = b"") -> tuple[int, str, str]:
        home = () if "--jsonl" in words else ("--home", tmp_path / "home")
        monkeypatch.setattr(sys, "argv", ["clawback", "check", *map(str, (*words, *home))])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setenv("COLUMNS", "140")
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return type_in


def test_a_text_gets_result_advice_quotes_script_and_what_to_do(run: Run, tmp_path: Path) -> None:
    code, out, _ = run(SCAM)
    assert code == 0  # the result is in the words; the exit code says that the check was made
    assert out.index("很像诈骗：追款、维权骗局") < out.index("现在：不要付款") < out.index("“先付服务器费”")
    for words in ("引诱", "接下来多半会", "什么会改变判断", "现在该做的", "hxxps://zhuikuan[.]example/a"):
        assert words in out
    assert "https://zhuikuan" not in out
    assert not (tmp_path / "home").exists()


def test_the_same_in_english(run: Run) -> None:
    out = run(SCAM, "--lang", "en")[1]
    assert "Very likely a scam: Recovery scam" in out
    assert "Next they will probably" in out
    assert "“先付服务器费”" in out


def test_an_honest_text_is_never_called_safe(run: Run) -> None:
    out = run(HONEST)[1]
    assert "没发现诈骗迹象，但这不等于安全" in out


@pytest.mark.parametrize("words", [("-",), ()])
def test_standard_input_is_read(run: Run, words: tuple[str, ...]) -> None:
    assert "很像诈骗" in run(*words, stdin=SCAM.encode())[1]


def test_a_text_file_is_read_and_a_mail_and_a_picture(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text(SCAM, encoding="gb18030")
    assert "很像诈骗" in run(text)[1]
    mail = tmp_path / "a.eml"
    mail.write_bytes(MAIL)
    out = run(mail)[1]
    assert "很像诈骗" in out
    assert "203.0.113.4" not in out  # no link that a terminal would open
    picture = Image.new("RGB", (900, 200), "white")
    words = "Recover your funds today, upfront fee 300"
    ImageDraw.Draw(picture).text((20, 60), words, fill="black", font_size=40)
    picture.save(tmp_path / "a.png")
    assert "追款、维权骗局" in run(tmp_path / "a.png")[1]


def test_a_chat_is_told_by_where_it_turned(run: Run, tmp_path: Path) -> None:
    chat = tmp_path / "chat.txt"
    chat.write_text(CHAT, encoding="utf-8")
    out = run(chat)[1]
    assert "从这里开始不对劲" in out
    assert "第一次要钱" in out
    (found,) = json.loads(run(chat, "--json")[1])["conversations"]
    assert found["messages"] == 3
    assert found["result"] == "likely"


def test_a_program_gets_json_in_both_languages(run: Run) -> None:
    document = json.loads(run(SCAM, "--json")[1])
    assert document["result"] == "likely"
    assert document["script"]["name"] == {"zh": "追款、维权骗局", "en": "Recovery scam"}
    places = [SCAM[at["start"] : at["end"]] for one in document["signals"] for at in one["places"]]
    assert "先付服务器费" in places


def test_a_list_that_was_imported_counts(run: Run, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("kind,value,confidence\ndomain,quiet-garden.com,strong\n", encoding="utf-8")
    day = date(2026, 11, 20)
    import_list(tmp_path / "home", listed, name="warned", source="a bank", today=day)
    out = run("周末一起去看花吧，地址在 quiet-garden.com 上有，记得带水", "--now", "2026-11-20T10:00+08:00")[
        1
    ]
    assert "很像诈骗" in out
    assert "这是里面的链接决定的" in out


@pytest.mark.parametrize(
    ("words", "code"), [((" ",), 2), (("a", "--lang", "fr"), 2), (("a", "--now", "x"), 2)]
)
def test_what_cannot_be_meant_ends_with_its_code(run: Run, words: tuple[str, ...], code: int) -> None:
    assert run(*words)[0] == code


def test_a_file_that_is_nothing_to_check_ends_with_its_code(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(bytes(range(256)) * 40)
    code, _, err = run(file, "--lang", "en")
    assert code == 7
    assert "a.bin" in err


# ------------------------------------------------------------------------------------------- many at once


def lines_of(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_each_line_gets_its_verdict_in_order(run: Run) -> None:
    asked = [{"id": 7, "text": SCAM}, {"id": "b", "text": HONEST}, {"id": "c", "text": ""}]
    code, out, _ = run("--jsonl", stdin="\n".join(map(json.dumps, asked)).encode())
    answers = lines_of(out)
    assert code == 0
    assert [(one["id"], one["verdict"]) for one in answers] == [(7, "scam"), ("b", "none"), ("c", "none")]
    assert set(answers[0]) == {"id", "verdict", "probability", "type", "signals"}
    assert answers[0]["type"] == "recovery_scam"
    assert "fee_first" in answers[0]["signals"]


def test_a_bad_line_is_told_and_the_run_goes_on(run: Run) -> None:
    bad = [
        b"{",
        b"[1]",
        b'{"text":"a"}',
        b'{"id":true,"text":"a"}',
        b'{"id":"x"}',
        b'{"id":"y","text":1}',
        b"\xff",
    ]
    deep, long = b"[" * 100_000, b'{"id":"l","text":"' + b"a" * MOST_LINE + b'"}'
    good = json.dumps({"id": "good", "text": "a \ud800 b"}).encode()
    code, out, _ = run("--jsonl", "-", stdin=b"\n".join([*bad, deep, long, b"", good]))
    answers = lines_of(out)
    assert code == 7
    assert [one.get("error") for one in answers] == [
        "not_json",
        "no_id",
        "no_id",
        "no_id",
        "no_text",
        "no_text",
        "not_json",
        "not_json",
        "line_too_long",
        None,
    ]
    assert answers[4]["id"] == "x"
    assert answers[-1]["id"] == "good"


def test_the_lines_may_stand_in_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text(json.dumps({"id": 1, "text": HONEST}) + "\n", encoding="utf-8")
    code, out, _ = run("--jsonl", file)
    assert (code, [one["id"] for one in lines_of(out)]) == (0, [1])


def test_a_file_of_lines_that_is_not_there_is_said(run: Run) -> None:
    code, _, err = run("--jsonl", "nowhere.jsonl", "--lang", "en")
    assert code == 7
    assert "nowhere.jsonl" in err
