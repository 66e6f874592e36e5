"""Everything Clawback raises on purpose.

Bad *evidence* is never an exception: it is a `Problem` (see `clawback.model.evidence`). These errors are
broken promises and wrong uses, where carrying on would be worse than stopping::

    ClawbackError
    ├── UsageError            exit 2   the command cannot mean anything as typed
    ├── CaseError
    │   ├── CaseNotFound      exit 3   there is no case in that folder
    │   ├── CaseBusy          exit 4   another run holds the case
    │   ├── CaseLocked        exit 5   the case is encrypted: passphrase missing or wrong
    │   └── CaseDamaged       exit 6   what is stored is not what was sealed
    ├── HeapError             exit 7   the heap is missing, empty or unreadable
    ├── TargetNotWritable     exit 8   the case folder or output cannot be written
    ├── RulePackError         exit 9   a rule pack does not load; nothing is computed from half of one
    ├── FilingRefused         exit 10  a draft says something that no source supports
    ├── ExtraMissing          exit 11  an optional part is not installed; names the command that adds it
    ├── NotAllowed            exit 12  this person may not do this
    └── SignatureRefused      exit 13  who says this cannot be proved, or is nobody that is trusted

Exit 0 is success, 1 an unexpected fault (a bug: please report it).
"""


class ClawbackError(Exception):
    """Base of all errors raised on purpose.

    `code` is stable and crosses processes; `zh` and `en` are one sentence for the person each;
    `exit_code` is what the command line returns.
    """

    code = "clawback"
    exit_code = 1

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh

    def sentence(self, lang: str) -> str:
        """The sentence for the person, in `lang` ("zh" or "en")."""
        return self.zh if lang == "zh" else self.en


class UsageError(ClawbackError):
    """The command cannot mean anything as typed."""

    code, exit_code = "usage", 2


class CaseError(ClawbackError):
    """Something is wrong with the case folder itself."""

    code = "case"


class CaseNotFound(CaseError):
    """There is no case in that folder."""

    code, exit_code = "case_not_found", 3


class CaseBusy(CaseError):
    """Another run holds the case; two writers could tear the log."""

    code, exit_code = "case_busy", 4


class CaseLocked(CaseError):
    """The case is encrypted and the passphrase is missing or wrong."""

    code, exit_code = "case_locked", 5


class CaseDamaged(CaseError):
    """What is stored is not what was sealed."""

    code, exit_code = "case_damaged", 6


class HeapError(ClawbackError):
    """The heap is missing, empty or unreadable."""

    code, exit_code = "heap", 7


class TargetNotWritable(ClawbackError):
    """The case folder or an output file cannot be written."""

    code, exit_code = "target_not_writable", 8


class RulePackError(ClawbackError):
    """A rule pack does not load. Names file and key."""

    code, exit_code = "rule_pack", 9


class FilingRefused(ClawbackError):
    """A draft says something that no source supports; the place is named in the sentence.

    `words`: what is not supported, as it stands in the draft; `record`: the record it claims to show, or "".
    """

    code, exit_code = "filing_refused", 10

    def __init__(self, en: str, zh: str, words: str = "", record: str = "") -> None:
        super().__init__(en, zh)
        self.words = words
        self.record = record


class ExtraMissing(ClawbackError):
    """An optional part is not installed."""

    code, exit_code = "extra_missing", 11

    def __init__(self, extra: str, purpose_en: str, purpose_zh: str) -> None:
        command = f"pip install 'clawback[{extra}]'"
        super().__init__(f"{purpose_en} needs: {command}", f"{purpose_zh}需要先安装：{command}")
        self.extra = extra


class NotAllowed(ClawbackError):
    """This person may not do this."""

    code, exit_code = "not_allowed", 12


class SignatureRefused(ClawbackError):
    """Something signed is not as it was signed, or not by a key that is trusted for it.

    `reason`: stable code of what is wrong, as in `clawback.guard.signing`.
    """

    code, exit_code = "signature_refused", 13

    def __init__(self, en: str, zh: str, reason: str) -> None:
        super().__init__(en, zh)
        self.reason = reason
