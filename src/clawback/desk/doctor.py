"""What is installed, what is missing, and how to get it."""

from __future__ import annotations

import platform
import sqlite3
import sys
from dataclasses import dataclass
from importlib import metadata, util

from clawback.rules.load import load_pack, shipped_packs


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `found`: version or state, None when missing; `remedy`: command or advice."""

    name: str
    purpose_zh: str
    purpose_en: str
    found: str | None
    remedy: str = ""


_PARTS = (
    ("typst", "typst", "生成 PDF", "writes PDF", "pip install clawback"),
    ("python-docx", "docx", "生成 Word 文档", "writes DOCX", "pip install clawback"),
    ("pypdfium2", "pypdfium2", "读取 PDF", "reads PDF", "pip install clawback"),
    ("python-calamine", "python_calamine", "读取表格", "reads spreadsheets", "pip install clawback"),
    ("pyrage", "pyrage", "加密证据", "encrypts evidence", "pip install clawback"),
    ("sqlcipher3", "sqlcipher3", "加密记录", "encrypts records", "pip install clawback"),
    ("rapidocr", "rapidocr", "识别截图文字", "reads screenshots", "pip install 'clawback[ocr]'"),
    ("onnxruntime", "onnxruntime", "识别截图文字", "reads screenshots", "pip install 'clawback[ocr]'"),
)


def examine() -> tuple[Check, ...]:
    """Look at Python, the system, every part, and every shipped rule pack. Changes nothing."""
    return (_python(), _system(), *(_part(*part) for part in _PARTS), *map(_pack, shipped_packs()))


def _python() -> Check:
    version = platform.python_version()
    enough = sys.version_info >= (3, 11)
    return Check("Python", "运行环境", "runs everything", version if enough else None, "Python 3.11+")


def _system() -> Check:
    """The box that reads files needs fork; without it nothing hostile is read."""
    found = f"{platform.system()} {platform.release()}, SQLite {sqlite3.sqlite_version}"
    boxed = platform.system() in ("Linux", "Darwin")
    return Check(
        "system", "隔离读取文件", "reads files in isolation", found if boxed else None, "Linux, macOS, WSL"
    )


def _part(package: str, module: str, zh: str, en: str, remedy: str) -> Check:
    if util.find_spec(module) is None:
        return Check(package, zh, en, None, remedy)
    return Check(package, zh, en, metadata.version(package), remedy)


def _pack(id: str) -> Check:
    pack = load_pack(id)
    state = f"{pack.version}, {pack.head.checked_on}"
    return Check(f"rules {id}", f"规则包：{pack.head.name.zh}", f"rule pack: {pack.head.name.en}", state)
