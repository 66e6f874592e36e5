"""Invented requests against every endpoint: never a fault of ours, never an answer outside the document."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from clawback.desk.workplace import Workplace
from clawback.web.api import document
from clawback.web.app import make_app
from clawback.web.guard import Sessions
from web.conftest import HOST, KEY, NOW

CASE = "0123456789abcdef"
EXAMPLES = 25


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, sealed_small_case: Path) -> Iterator[Any]:
    """The schema that the app itself tells, bound to the app."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(sealed_small_case, home / CASE)
    workplace = Workplace(home, lambda: NOW)
    headers = {"Authorization": f"Bearer {KEY}", "Host": HOST}
    project = ProjectConfig(
        base_url=f"http://{HOST}",
        headers=headers,
        parameters={"case": CASE},
        checks=ChecksConfig(
            positive_data_acceptance=PositiveDataAcceptanceConfig(
                # a size may be well-formed and more than the disk has
                expected_statuses=["2xx", "3xx", "403", "404", "409", "413"]
            )
        ),
        generation=GenerationConfig(
            deterministic=True,
            max_examples=EXAMPLES,
            database="none",
            with_security_parameters=False,  # whom the API lets in, test_security asks
        ),
    )
    config = SchemathesisConfig(seed=1, projects=ProjectsConfig(default=project))
    app = make_app(workplace, Sessions(KEY), frozenset({HOST}))
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, config=config, headers=headers)
    workplace.close()


OPERATIONS = [(path, method) for path, methods in document("clawback")["paths"].items() for method in methods]


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_request_breaks_the_contract(api: Any, path: str, method: str, mode: GenerationMode) -> None:
    operation = api[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        derandomize=True,
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    def invent(case: schemathesis.Case) -> None:
        case.call_and_validate()

    invent()
