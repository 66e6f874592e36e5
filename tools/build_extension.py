"""Packs `extension/` into one file for a browser: `python -m tools.build_extension OUT.zip`.

The same sources give the same bytes: members in order of name, one date, one mode. What may not be in it is
refused: any permission beyond the three it needs, any host but this machine, code from elsewhere.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1] / "extension"
PERMISSIONS = {"activeTab", "contextMenus", "storage"}
HOSTS = {"http://127.0.0.1/*"}
KINDS = {".css", ".html", ".js", ".json", ".png"}
_DATE = (2026, 1, 1, 0, 0, 0)
_ELSEWHERE = re.compile(
    r"(?:https?:)?//(?!127\.0\.0\.1[:/])[a-z0-9-]+\.|\beval\(|new Function|innerHTML|outerHTML"
)


def faults(sources: Path = SOURCES) -> list[str]:
    """What stands in the sources and may not; empty when all is well."""
    manifest = json.loads((sources / "manifest.json").read_text("utf-8"))
    found = [f"permission {name}" for name in sorted(set(manifest["permissions"]) - PERMISSIONS)]
    found += [f"host {name}" for name in sorted(set(manifest["host_permissions"]) - HOSTS)]
    for key in (
        "content_scripts",
        "externally_connectable",
        "optional_permissions",
        "web_accessible_resources",
    ):
        if key in manifest:
            found.append(f"manifest has {key}")
    if (
        "http://127.0.0.1:*"
        not in manifest["content_security_policy"]["extension_pages"].split("connect-src")[1]
    ):
        found.append("connect-src is not this machine alone")
    for path in members(sources):
        if path.suffix not in KINDS:
            found.append(f"{path.name} is of no kind that belongs here")
        elif path.suffix in (".html", ".js") and (wrong := _ELSEWHERE.search(path.read_text("utf-8"))):
            found.append(f"{path.name} has {wrong.group()}")
    return found


def members(sources: Path = SOURCES) -> list[Path]:
    """Every file of the extension, in the order in which it is packed."""
    return sorted((path for path in sources.rglob("*") if path.is_file()), key=lambda path: path.as_posix())


def build(out: Path, sources: Path = SOURCES) -> None:
    """Write the packed extension. Raises ValueError naming what may not be in it."""
    if wrong := faults(sources):
        raise ValueError("; ".join(wrong))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in members(sources):
            member = zipfile.ZipInfo(path.relative_to(sources).as_posix(), _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o100644 << 16
            packed.writestr(member, path.read_bytes())


def main(arguments: list[str]) -> int:
    """The command."""
    if len(arguments) != 1:
        print("usage: python -m tools.build_extension OUT.zip", file=sys.stderr)
        return 2
    build(Path(arguments[0]))
    print(arguments[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
