"""The command line as a person types it: what is shown, what is written, which exit code ends it."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

NOW = "2026-11-20T10:00+08:00"
BILL = """交易日期,交易时间,收入,支出,余额,币种,对方户名,对方账号,摘要,交易流水号
2026-11-19,21:05:10,,3000.00,7000.00,人民币,刘测试,6222000000000017,转账,2026111921051000001
2026-11-19,22:00:00,,23.50,6976.50,人民币,示例面馆,,消费,2026111922000000002
"""
CHAT = """[2026/11/19 20:58:00] 导师小林: 请把3000元转到 6222000000000017 户名 刘测试
[2026/11/19 21:06:30] 王示例: 我刚转了3000元
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(typed: Run) -> Run:
    return partial(typed, columns=120)


@pytest.fixture
def heap(tmp_path: Path) -> Path:
    folder = tmp_path / "我的证据"
    folder.mkdir()
    (folder / "银行流水.csv").write_text(BILL, encoding="utf-8")
    (folder / "_chat.txt").write_text(CHAT, encoding="utf-8")
    return folder


def test_open_seals_reads_and_ends_with_the_card_and_where_to_look(run: Run, heap: Path) -> None:
    code, out, _ = run("open", heap, "--now", NOW, "--quiet")
    assert code == 0
    for words in ("没有加密", "应急卡", "3,000.00元", "刘测试"):
        assert words in out
    case = heap.with_name("我的证据.case")
    assert (case / "papers" / "emergency_card_zh.pdf").read_bytes().startswith(b"%PDF")
    assert "<svg" in (case / "papers" / "money.svg").read_text(encoding="utf-8")


def test_the_same_heap_again_adds_nothing_and_keeps_every_number(run: Run, heap: Path) -> None:
    run("open", heap, "--now", NOW, "--quiet")
    _, first, _ = run("export", heap.with_name("我的证据.case"), "--now", NOW)
    run("open", heap, "--now", NOW, "--quiet")
    _, second, _ = run("export", heap.with_name("我的证据.case"), "--now", NOW)
    assert json.loads(first)["exhibits"] == json.loads(second)["exhibits"]


def test_export_has_the_promised_keys_and_exact_figures(run: Run, heap: Path) -> None:
    run("open", heap, "--now", NOW, "--quiet")
    code, out, _ = run("export", heap.with_name("我的证据.case"), "--format", "json", "--now", NOW)
    document = json.loads(out)
    assert code == 0
    assert document["schema"] == "clawback.case/1"
    expected = "case exhibits messages transfers indicators timeline losses card plan filings problems log"
    assert set(expected.split()) <= document.keys()
    paid = next(one for one in document["transfers"] if one["scope"] == "in")
    assert paid["amount"] == {"value": "3000.00", "currency": "CNY"}
    assert paid["moment"]["instant"] == "2026-11-19T21:05:10+08:00"
    assert paid["direction"] == "out"
    assert paid["payee"]["account"] == "6222000000000017"
    assert document["losses"] == [
        {
            "currency": "CNY",
            "sent": "3000.00",
            "returned": "0.00",
            "lost": "3000.00",
            "unsure": "0.00",
            "transfers": [paid["id"]],
        }
    ]


def test_what_the_user_decides_about_scope_holds(run: Run, heap: Path) -> None:
    run("open", heap, "--now", NOW, "--quiet")
    case = heap.with_name("我的证据.case")
    lunch = next(
        one["id"]
        for one in json.loads(run("export", case, "--now", NOW)[1])["transfers"]
        if one["amount"]["value"] == "23.50"
    )
    assert run("confirm", case, lunch, "in", "--now", NOW)[0] == 0
    losses = json.loads(run("losses", case, "--json", "--now", NOW)[1])
    assert losses[0]["sent"] == "3023.50"


@pytest.mark.parametrize("command", ["card", "timeline", "losses", "plan"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_view_speaks_both_languages(run: Run, heap: Path, command: str, lang: str) -> None:
    run("open", heap, "--now", NOW, "--quiet")
    code, out, _ = run(command, heap.with_name("我的证据.case"), "--lang", lang, "--now", NOW)
    titles = {
        "card": ("应急卡", "Emergency card"),
        "timeline": ("时间线", "Timeline"),
        "losses": ("损失", "Losses"),
        "plan": ("接下来做什么", "What to do"),
    }
    assert code == 0
    assert titles[command][lang == "en"] in out


def test_one_paper_can_be_written_and_the_list_shows_which(run: Run, heap: Path) -> None:
    run("open", heap, "--now", NOW, "--quiet")
    case = heap.with_name("我的证据.case")
    assert "police_report" in run("file", "list", case)[1]
    code, out, _ = run("file", "police_report", case, "--now", NOW)
    assert code == 0
    assert "police_report_zh.pdf" in out


def test_verify_says_sound_and_names_a_flipped_bit(run: Run, heap: Path) -> None:
    run("open", heap, "--now", NOW, "--quiet")
    case = heap.with_name("我的证据.case")
    assert run("verify", case)[0] == 0
    blob = next(path for path in (case / "blobs").rglob("*") if path.is_file())
    blob.chmod(0o600)
    data = bytearray(blob.read_bytes())
    data[5] ^= 1
    blob.write_bytes(data)
    code, out, _ = run("verify", case)
    assert code == 6
    assert "原件字节被改动" in out


def test_an_encrypted_case_opens_with_its_passphrase_only(run: Run, heap: Path, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text("correct horse\n", encoding="utf-8")
    wrong.write_text("wrong horse\n", encoding="utf-8")
    code, out, _ = run("open", heap, "--now", NOW, "--quiet", "--passphrase-file", right)
    assert code == 0
    assert "已用您的口令加密" in out
    case = heap.with_name("我的证据.case")
    assert run("card", case, "--passphrase-file", right)[0] == 0
    assert run("card", case, "--passphrase-file", wrong)[0] == 5
    assert run("card", case)[0] == 5


def test_answers_are_checked_and_become_statements(run: Run, heap: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("situation: fake_investment\nuser.name: 王示例\n", encoding="utf-8")
    assert run("open", heap, "--now", NOW, "--quiet", "--answers", answers)[0] == 0
    document = json.loads(run("export", heap.with_name("我的证据.case"), "--now", NOW)[1])
    assert document["case"]["situations"] == ["fake_investment"]
    named = next(one for one in document["statements"] if one["question"] == "user.name")
    assert named["value"] == "王示例"
    assert document["exhibits"][named["sources"][0]["exhibit"] - 1]["grade"] == "statement"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["open", "no-such-folder"], 7),
        (["card", "no-such-case"], 3),
        (["open", ".", "--now", "yesterday"], 2),
        (["open", ".", "--jurisdiction", "mars"], 2),
        (["open", ".", "--passphrase-file", "no-such-file"], 2),
        (["no-such-command"], 2),
        (["card", ".", "--lang", "fr"], 2),
    ],
)
def test_a_wrong_use_ends_in_one_sentence_and_its_exit_code(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    ended, out, err = run(*words)
    assert ended == code
    assert "Traceback" not in out + err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_said_plainly_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    code, _, err = run("open", empty, "--quiet")
    assert code == 7
    assert err.strip()
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_doctor_names_every_part_and_rule_pack(run: Run) -> None:
    code, out, _ = run("doctor", "--json")
    names = {check["name"] for check in json.loads(out)}
    assert code == 0
    assert {"Python", "typst", "rapidocr", "rules cn", "rules gb"} <= names


def test_without_a_given_clock_the_papers_are_written_too(run: Run, heap: Path) -> None:
    code, _, _ = run("open", heap, "--quiet")
    assert code == 0
    assert (heap.with_name("我的证据.case") / "papers" / "emergency_card_zh.pdf").is_file()
