"""Templates with what every page may use: sentences, figures, dates, addresses of static files.

Everything is escaped; a name that does not exist is an error, never an empty place on the page.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from clawback.desk.directory import Line, help_lines
from clawback.errors import RulePackError
from clawback.web import figures

if TYPE_CHECKING:
    from clawback.desk.livecase import LiveCase
    from clawback.web.visit import Visit

HERE = Path(__file__).parent
STATIC = HERE / "static"
_FILTERS = (
    "money",
    "signed",
    "moment",
    "clock",
    "day",
    "weekday",
    "size",
    "tail",
    "groups",
    "short",
    "place",
    "seen",
    "stamp",
)


class Templates:
    """The templates, compiled once."""

    def __init__(self) -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,  # a look at the disk for every template of every page
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals |= {"static": static_address, "build": build_mark}
        for name in _FILTERS:
            self._jinja.filters[name] = _in_language(name)

    def render(self, template: str, *, visit: Visit, case: LiveCase | None, page: object) -> str:
        """The whole page as HTML."""
        return self._jinja.get_template(template).render(
            visit=visit, case=case, page=page, say=visit.say, lang=visit.lang, help_lines=_lines(case, visit)
        )


def _in_language(name: str) -> Any:
    write = getattr(figures, name)

    @pass_context
    def written(context: Context, value: Any, *rest: Any) -> Any:
        return write(value, context["lang"], *rest)  # as it is: str() of Markup would be escaped again

    return written


def _lines(case: LiveCase | None, visit: Visit) -> tuple[Line, ...]:
    """Numbers of people to call, for the place of the case (or of the language, before there is one).

    None when the rule pack does not load: the page that says so must not fail for the same reason.
    """
    place = case.file().case.jurisdiction if case is not None and case.is_open else None
    try:
        return help_lines(place or ("cn" if visit.lang == "zh" else "gb"))
    except RulePackError:
        return ()


@cache
def build_mark() -> str:
    """Changes when any static file does."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def static_address(name: str) -> str:
    """Address of a file in `static`. Raises FileNotFoundError for one that is not there."""
    if not (STATIC / name).is_file():
        raise FileNotFoundError(name)
    return f"/static/{build_mark()}/{name}"
