"""HTTP status that fits each error raised on purpose; pages and API answer alike."""

from __future__ import annotations

from clawback.desk.uploads import DiskFull, UploadConflict, UploadRefused, UploadTooLarge, UploadUnknown
from clawback.errors import (
    CaseBusy,
    CaseDamaged,
    CaseLocked,
    CaseNotFound,
    ClawbackError,
    FilingRefused,
    NotAllowed,
    RulePackError,
    TargetNotWritable,
    UsageError,
)

_STATUS: tuple[tuple[type[ClawbackError], int], ...] = (
    (CaseNotFound, 404),
    (NotAllowed, 403),
    (CaseLocked, 423),
    (CaseBusy, 409),
    (UsageError, 400),
    (UploadUnknown, 404),
    (UploadConflict, 409),
    (UploadTooLarge, 413),
    (DiskFull, 413),  # for the room that there is; nothing of ours failed
    (UploadRefused, 422),
    (FilingRefused, 422),
    (TargetNotWritable, 507),
    (CaseDamaged, 500),
    (RulePackError, 500),
)


def status_of(error: type[ClawbackError]) -> int:
    """The status for errors of this class."""
    return next((status for kind, status in _STATUS if issubclass(error, kind)), 400)
