"""What the documentation lists is what the program has."""

import re
from pathlib import Path

import pytest
import typer

import clawback
from clawback import errors
from clawback.cli.commands import app
from clawback.desk.export import SCHEMA
from clawback.readers import BUILTIN_READERS

ROOT = Path(clawback.__file__).parents[2]

pytestmark = pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="runs in a checkout only")


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_reader_is_in_the_table_with_its_formats() -> None:
    table = page("readers.md")
    for reader in BUILTIN_READERS:
        assert f"| `{reader.name}` | {reader.formats[0]} | {reader.formats[1]} |" in table


def test_every_command_and_exit_code_is_described() -> None:
    text = page("cli.md")
    for command in typer.main.get_command(app).commands:  # type: ignore[attr-defined]
        assert f"`{command}" in text, command
    codes = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.ClawbackError)
    }
    assert codes - {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == set()


def test_the_export_page_names_the_schema() -> None:
    assert SCHEMA in page("export.md")


def test_every_room_has_its_page_and_every_link_leads_somewhere() -> None:
    rooms = {path.name for path in (ROOT / "src/clawback").iterdir() if (path / "__init__.py").is_file()}
    index = page("index.md")
    for room in rooms:
        assert f"`{room}`" in index, room
    for text, folder in [(index, ROOT / "docs"), ((ROOT / "README.md").read_text("utf-8"), ROOT)]:
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert (folder / link).exists(), link


def test_the_first_two_shell_blocks_of_the_readme_are_one_command_each() -> None:
    blocks = re.findall(
        r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 2
    assert all(block.count("\n") == 1 for block in blocks)
    assert "clawback open examples/player" in blocks[0]
    assert "pytest" in blocks[1]
