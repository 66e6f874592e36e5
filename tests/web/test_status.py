"""Every error raised on purpose has a status that says whose move it is."""

from __future__ import annotations

import pytest

from clawback import errors
from clawback.web.status import status_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UsageError, 400),
        (errors.NotAllowed, 403),
        (errors.CaseNotFound, 404),
        (errors.CaseBusy, 409),
        (errors.FilingRefused, 422),
        (errors.CaseLocked, 423),
        (errors.CaseDamaged, 500),
        (errors.RulePackError, 500),
        (errors.TargetNotWritable, 507),
        (errors.ClawbackError, 400),
    ],
)
def test_an_error_has_its_status(error: type[errors.ClawbackError], status: int) -> None:
    assert status_of(error) == status
