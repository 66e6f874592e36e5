"""Previewers as a hostile file would have them once it has taken them over."""

from __future__ import annotations

import os
import signal
from typing import BinaryIO

from clawback.model.evidence import Grade
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.previews import RAW_TYPE, Frame, PicturePreviewer


class Doomed:
    """Does what the end of the file says; a page of a document is a red square."""

    name, version, formats = "doomed", "1", ("测试", "test")

    def identify(self, peek: Peek) -> Sureness:
        return Sureness.CERTAIN if peek.head.startswith(b"%PDF") else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        data = original.read()
        page = int(context.name.removeprefix("page ").partition(",")[0])
        if data.endswith(b"die"):
            os.kill(os.getpid(), signal.SIGSEGV)
        while data.endswith(b"loop"):
            pass
        if data.endswith(b"die on page 3") and page == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        frame = Frame(4, 4, 4, 4)
        if data.endswith(b"lie"):
            context.member(frame.name, RAW_TYPE, [b"%PDF not what was announced"])
        elif data.endswith(b"raw"):
            context.member("picture.svg", "image/svg+xml", [b"<svg/>"])
        else:
            context.member(frame.name, RAW_TYPE, [b"\xff\x00\x00" * 16])
        return Reading(self.name, self.version, Grade.UNGRADED, facts=(("pages", "9"),))


PREVIEWERS = (Doomed(), PicturePreviewer())
