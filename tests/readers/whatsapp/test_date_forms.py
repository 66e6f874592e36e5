"""Whatever the form of the dates: a chat of several days is read back as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clawback.readers.whatsapp import WhatsAppReader
from reading import codes, read

READER = WhatsAppReader()
BASE = datetime(2024, 1, 20, 9, 30)  # noqa: DTZ001 - clock times of a phone, as the export writes them


def half(moment: datetime, am: str, pm: str) -> tuple[str, str]:
    return am if moment.hour < 12 else pm, f"{(moment.hour + 11) % 12 + 1}:{moment:%M}"


def us(m: datetime) -> str:
    word, clock = half(m, "AM", "PM")
    return f"{m.month}/{m.day}/{m:%y}, {clock}\u202f{word} - "


def chinese_phone(m: datetime) -> str:
    word, clock = half(m, "上午", "下午")
    return f"[{m.year}/{m.month}/{m.day} {word}{clock}:{m:%S}] "


def korean(m: datetime) -> str:
    word, clock = half(m, "오전", "오후")
    return f"{m.year}. {m.month}. {m.day}. {word} {clock} - "


FORMS: dict[str, tuple[bool, Callable[[datetime], str]]] = {
    "british": (False, lambda m: f"{m:%d/%m/%Y, %H:%M} - "),
    "american": (False, us),
    "german": (False, lambda m: f"{m:%d.%m.%y, %H:%M} - "),
    "iso": (True, lambda m: f"[{m:%Y-%m-%d, %H:%M:%S}] "),
    "chinese": (True, chinese_phone),
    "chinese words": (False, lambda m: f"{m.year}年{m.month}月{m.day}日 {m:%H:%M} - "),
    "korean": (False, korean),
}


@given(
    st.sampled_from(sorted(FORMS)),
    st.lists(st.integers(0, 2 * 24 * 3600), min_size=1, max_size=15),
    st.sampled_from(["Asia/Shanghai", "Europe/London", "America/New_York"]),
)
def test_a_chat_past_the_twelfth_of_a_month_round_trips(form: str, steps: list[int], zone: str) -> None:
    seconds, write = FORMS[form]
    moments = [BASE]
    for step in steps:
        moments.append(moments[-1] + timedelta(seconds=step))
    reading = read(READER, "".join(f"{write(m)}A: {n}\n" for n, m in enumerate(moments)), zone=zone)
    clock = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    found = [message.moment.instant.strftime(clock) for message in reading.messages if message.moment]
    assert found == [m.strftime(clock) for m in moments]
    assert [message.text for message in reading.messages] == [str(n) for n in range(len(moments))]
    assert codes(reading) == []
