"""`clawback feed`: news about scams that an organisation signs, and that others take from it as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from clawback.cli.words import say
from clawback.desk import news
from clawback.desk.checking import harmless
from clawback.desk.workplace import machine_clock
from clawback.errors import UsageError

app = typer.Typer(
    help="Scam news: publish a signed file, or take one. Nothing is sent. 骗局消息：签名发布，或收下。",
    no_args_is_help=True,
)

Home = Annotated[Path | None, typer.Option("--home", help="Folder of the cases (default: ~/Clawback).")]
Lang = Annotated[str, typer.Option("--lang", help="zh or en")]
Secret = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File whose first line opens the key file.")
]


@app.command("new-key")
def new_key(
    file: Annotated[Path, typer.Argument(help="Where the private key goes; keep it safe and apart.")],
    passphrase_file: Secret = None,
    lang: Lang = "zh",
) -> None:
    """Make the key with which an organisation signs. 生成机构的签名密钥。"""
    id, public = news.make_key(file, _passphrase(passphrase_file))
    _say("feed.made", lang, file=file, id=id)
    Console(highlight=False, soft_wrap=True).print(Text(public))


@app.command()
def publish(
    items: Annotated[Path, typer.Argument(help="YAML file with the items.")],
    key: Annotated[Path, typer.Option(help="File of the private key.")],
    out: Annotated[Path, typer.Option(help="Folder for feed.json and feed.atom.")],
    passphrase_file: Secret = None,
    lang: Lang = "zh",
) -> None:
    """Sign items and write them as JSON Feed and Atom. Nothing is sent. 签名并写成文件，不会发送。"""
    made = news.publish(items, key, out, machine_clock(), _passphrase(passphrase_file))
    _say("feed.published", lang, n=made.items, feed=made.feed, atom=", ".join(map(str, made.atom)))
    _say("feed.pin", lang, id=made.key_id)
    Console(highlight=False, soft_wrap=True).print(Text(made.public))


@app.command()
def trust(
    public: Annotated[str, typer.Argument(help="The line that begins with clawback-key:ed25519:")],
    holder: Annotated[str, typer.Option(help="Whose key it is, as you know it.")],
    home: Home = None,
    lang: Lang = "zh",
) -> None:
    """Trust an organisation's key. Compare its id by phone first. 信任一家机构的公钥，先电话核对编号。"""
    key = news.trust(_home(home), public, holder, machine_clock().date())
    _say("feed.trusted", lang, holder=key.holder, id=key.id)


@app.command()
def distrust(
    id: Annotated[str, typer.Argument(help="Id of the key, as `feed show` prints it.")],
    home: Home = None,
    lang: Lang = "zh",
) -> None:
    """Trust a key no longer and delete its news. 不再信任，并删掉它的消息。"""
    gone = news.distrust(_home(home), id)
    _say("feed.distrusted", lang, holder=gone.holder, id=gone.id)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="feed.json of an organisation that you trust.")],
    home: Home = None,
    lang: Lang = "zh",
) -> None:
    """Take a signed file; a former one of the same key is replaced. 收下一份签名的消息。"""
    taken = news.take(_home(home), file, machine_clock())
    if taken.feed and taken.proof:
        day = taken.proof.signed_at.date()
        _say("feed.taken", lang, n=len(taken.feed.items), holder=taken.key.holder, day=day)


@app.command("show")
def show_(home: Home = None, lang: Lang = "zh") -> None:
    """What there is to read, newest first, expired items marked. 看消息。"""
    now, place = machine_clock(), _home(home)
    for one in news.subscribed(place, now):
        state = one.problem.sentence(lang) if one.problem else ""
        count = len(one.feed.items) if one.feed else 0
        _say("feed.source", lang, holder=one.key.holder, id=one.key.id, n=count, state=state)
    for entry in news.news(place, now).entries:
        mark = say("feed.expired", lang) if entry.expired(now.date()) else ""
        head = f"{entry.item.published}  {mark}{entry.item.title.say(lang)}"
        console = Console(highlight=False)
        console.print(Text("\n" + head, style="bold"))
        console.print(Text(harmless(entry.item.text.say(lang))))
        console.print(Text(f"{entry.organisation}: {entry.item.source.text}", style="dim"))


def _say(key: str, lang: str, **values: object) -> None:
    Console(highlight=False).print(Text(say(key, lang, **values)))


def _home(home: Path | None) -> Path:
    return home or Path.home() / "Clawback"


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return file.read_text("utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} holds no passphrase.", f"“{file}”里没有口令。") from error
