"""Chat exports as text: WeChat (text and CSV layouts), Telegram Desktop JSON, WhatsApp text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody said something at `at` ("2026-09-18 20:03:11", Beijing time). `file`: a file sent along."""

    at: str
    who: str
    text: str
    file: str = ""


def wechat_text(lines: Sequence[Line]) -> bytes:
    """The layout of text exports: time and name on one line, the words below, a blank line between."""
    return "\n".join(f"{line.at} {line.who}\n{line.text}\n" for line in lines).encode()


def wechat_csv(lines: Sequence[Line], me: str) -> bytes:
    """The table layout of chat export tools, with a byte-order mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"])
    for number, line in enumerate(lines, start=1):
        kind = "转账" if line.text.startswith("[转账]") else "文本"
        who = "我" if line.who == me else line.who
        writer.writerow([number, kind, who, line.at, line.text, who, who, ""])
    return ("\ufeff" + out.getvalue()).encode()


def telegram_json(contact: str, me: str, lines: Sequence[Line]) -> bytes:
    """Telegram Desktop's result.json of one private chat."""
    ids = {contact: "user5000000001", me: "user5000000002"}
    messages = []
    for number, line in enumerate(lines, start=1001):
        instant = datetime.fromisoformat(line.at).replace(tzinfo=BEIJING)
        entry: dict[str, object] = {
            "id": number,
            "type": "message",
            "date": line.at.replace(" ", "T"),
            "date_unixtime": str(int(instant.timestamp())),
            "from": line.who,
            "from_id": ids[line.who],
        }
        if line.file:
            entry["photo"] = line.file
            entry["width"], entry["height"] = 720, 1560
        entry["text"] = line.text
        entry["text_entities"] = [{"type": "plain", "text": line.text}] if line.text else []
        messages.append(entry)
    whole = {"name": contact, "type": "personal_chat", "id": 5000000001, "messages": messages}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def whatsapp_text(lines: Sequence[Line]) -> bytes:
    """WhatsApp's export from an Android phone set to British English (day first, 24 hours)."""
    first = lines[0].at
    notice = (
        "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share "
        "them. Learn more."
    )
    out = [f"{_british(first)} - {notice}"]
    out += [f"{_british(line.at)} - {line.who}: {line.text}" for line in lines]
    return ("\n".join(out) + "\n").encode()


def _british(at: str) -> str:
    return datetime.fromisoformat(at).strftime("%d/%m/%Y, %H:%M")
