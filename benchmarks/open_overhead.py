"""What does opening a heap cost beyond reading it? CPU of `clawback open` against the readers alone.

    python -m benchmarks.open_overhead [--files 2000] [--pictures 16]

Makes a heap of mixed invented files, every 16th of them a screenshot (`--pictures 0`: none; heaps that people
bring are nearly half pictures, see examples/), and measures in one run (a) SHA-256, the surest reader and
understanding for every file, in as many processes side by side as (b) reads in (cores that share a memory slow
each other down, and that is no cost of ours), and (b) the whole command in a process of its own: sealing, a
process per file, log, records, ledger, plan and papers. Prints both CPU times (user and system, children
included), their ratio, and the peak memory of (b). The goal: a ratio of at most 1.3 and less than 1 GiB.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw

from clawback.desk.reading import workers
from clawback.readers import choose
from clawback.readers.contract import PEEK_BYTES, Peek, ReadingContext
from clawback.readers.media_types import sniff
from clawback.readers.understand import understand

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
NOW = "2026-11-20T10:00:00+08:00"


def make_heap(folder: Path, count: int, pictures: int = 0) -> None:
    """`count` files: bills, bank tables, chats, mails, notes, zips, each unlike the others; every
    `pictures`-th is a screenshot."""
    rng = random.Random(20261120)  # noqa: S311
    makers = (_bill, _bank, _whatsapp, _telegram, _mail, _note, _zip)
    for number in range(count):
        shot = pictures and number % pictures == pictures - 1
        name, data = (_screenshot if shot else makers[number % len(makers)])(rng, number)
        (folder / name).write_bytes(data)


def _screenshot(_: random.Random, number: int) -> tuple[str, bytes]:
    """A picture of the examples with its number written on it, so that no two are the same bytes."""
    shots = sorted((EXAMPLES / "player").rglob("转账回单*.png"))
    with Image.open(shots[number % len(shots)]) as picture:
        page = picture.convert("RGB")
    ImageDraw.Draw(page).text((8, 8), str(number), fill="black")
    held = io.BytesIO()
    page.save(held, "PNG")
    return f"screenshot_{number}.png", held.getvalue()


def _bill(rng: random.Random, number: int) -> tuple[str, bytes]:
    head = "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,"
    rows = [
        f"2026-09-{rng.randint(1, 28):02} {rng.randint(0, 23):02}:{rng.randint(0, 59):02}:07,日用百货,示例店{number},/,"
        f"商品{row},支出,{rng.randint(1, 90000) / 100:.2f},余额,交易成功,2026{number:08}{row:06},T{number}{row},,"
        for row in range(60)
    ]
    preamble = (
        "------\n导出信息：\n姓名：王示例\n支付宝账户：test@example.test\n------支付宝 电子客户回单------\n"
    )
    return f"alipay_{number}.csv", (preamble + "\n".join([head, *rows]) + "\n").encode("gb18030")


def _bank(rng: random.Random, number: int) -> tuple[str, bytes]:
    rows = [
        f"2026-09-{rng.randint(1, 28):02},10:{rng.randint(0, 59):02}:00,-{rng.randint(100, 90000) / 100:.2f},"
        f"人民币,收款方{row},6222000000{number:05}{row:03},转账{number}-{row}"
        for row in range(60)
    ]
    head = "交易日期,交易时间,交易金额,币种,对方户名,对方账号,摘要"
    return f"bank_{number}.csv", "\n".join([head, *rows]).encode()


def _whatsapp(rng: random.Random, number: int) -> tuple[str, bytes]:
    lines = [
        f"[2026/9/{1 + line // 12} {line % 12 + 8}:0{rng.randint(0, 9)}:00] 客服{number}: 第{line}条，请充值{rng.randint(1, 99)}00元，"
        "有问题加微信 wx_example_01"
        for line in range(120)
    ]
    return f"chat_{number}.txt", "\n".join(lines).encode()


def _telegram(rng: random.Random, number: int) -> tuple[str, bytes]:
    messages = [
        {
            "id": line,
            "type": "message",
            "date": f"2026-09-{1 + line // 10:02}T12:{line % 60:02}:00",
            "date_unixtime": str(1788000000 + line * 600),
            "from": f"Agent {number}",
            "from_id": f"user{number}",
            "text": f"note {line}: deposit {rng.randint(1, 99)}00 USDT at https://example{number}.test/pay",
        }
        for line in range(120)
    ]
    return f"result_{number}.json", json.dumps(
        {"name": f"Agent {number}", "type": "personal_chat", "id": number, "messages": messages}
    ).encode()


def _mail(rng: random.Random, number: int) -> tuple[str, bytes]:
    text = "\r\n".join(f"Line {line}: order {rng.randint(10**9, 10**10)} for GBP 20.00" for line in range(80))
    head = (
        f"From: shop{number}@example.test\r\nTo: you@example.test\r\nSubject: Order {number}\r\n"
        "Date: Thu, 10 Sep 2026 12:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return f"mail_{number}.eml", (head + text).encode()


def _note(rng: random.Random, number: int) -> tuple[str, bytes]:
    return f"note_{number}.md", "\n".join(
        f"第{line}天，编号{number}，对方让我转{rng.randint(1, 99)}00元到 6222000000000001"
        for line in range(80)
    ).encode()


def _zip(rng: random.Random, number: int) -> tuple[str, bytes]:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("inside.txt"), _note(rng, number)[1] + b"\n in a zip")
    return f"archive_{number}.zip", held.getvalue()


def read_all(paths: Iterable[Path]) -> int:
    """SHA-256 and the surest reader for every file, members too, in this process; how many were read."""
    waiting = [(path.name, path.read_bytes()) for path in paths]
    read = 0
    while waiting:
        name, data = waiting.pop()
        hashlib.sha256(data).hexdigest()
        read += 1
        head = data[:PEEK_BYTES]
        reader = choose(Peek(name, len(data), sniff(head, name), head))
        if reader is None:
            continue
        found: list[tuple[str, bytes]] = []

        def member(
            name: str, _: str, chunks: Iterator[bytes], found: list[tuple[str, bytes]] = found
        ) -> None:
            found.append((name, b"".join(chunks)))

        context = ReadingContext(read, name, "Asia/Shanghai", date(2026, 11, 20), member)
        understand(reader.read(io.BytesIO(data), context), context)
        waiting += found
    return read


def read_share(paths: list[Path]) -> tuple[int, float]:
    """`read_all` in a process of its own, everything imported and warm before: how many, and CPU seconds."""
    read_all(paths[:: max(len(paths) // 25, 1)])
    before = cpu(resource.RUSAGE_SELF)
    read = read_all(paths)
    return read, cpu(resource.RUSAGE_SELF) - before


def cpu(who: int) -> float:
    """CPU seconds, user and system."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the two CPU times, their ratio, and the peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--pictures", type=int, default=16)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        heap = Path(scratch, "heap")
        heap.mkdir()
        make_heap(heap, asked.files, asked.pictures)
        paths = sorted(heap.iterdir())
        with multiprocessing.get_context("spawn").Pool(workers()) as pool:
            shares = pool.map(read_share, [paths[start :: workers()] for start in range(workers())])
        read, alone = sum(count for count, _ in shares), sum(seconds for _, seconds in shares)
        before = cpu(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "clawback", "open", str(heap), "--now", NOW, "--quiet"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        whole = cpu(resource.RUSAGE_CHILDREN) - before
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{asked.files} files, {read} read with their members")
    print(f"readers and hashing alone  {alone:8.2f} s CPU")
    print(f"clawback open, everything  {whole:8.2f} s CPU   ratio {whole / alone:.2f}   peak {peak:.0f} MiB")


if __name__ == "__main__":
    main()
