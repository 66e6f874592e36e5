"""How much one file may cost before its reading is given up. Figures from the threat model's limits table."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on reading one file.

    Seconds of processor time and of waiting, bytes of memory above what the readers themselves occupy
    (text recognition in images needs more of both), bytes of the message that comes back, and what may
    be found inside a file: number of members, their bytes together, depth of nesting, and how many times
    larger than the file they may be (once `ratio_free_bytes` are exceeded).
    """

    cpu_seconds: int = 30
    image_cpu_seconds: int = 90
    wall_seconds: float = 90.0
    image_wall_seconds: float = 270.0
    memory_bytes: int = GIB
    image_memory_bytes: int = 5 * GIB // 2
    message_bytes: int = 64 * MIB
    members: int = 10_000
    member_bytes: int = 4 * GIB
    ratio: int = 200
    ratio_free_bytes: int = 10 * MIB
    depth: int = 3

    def produced_bytes(self, size: int) -> int:
        """How many bytes may come out of a file of `size` bytes."""
        return min(self.member_bytes, max(self.ratio_free_bytes, self.ratio * size))


DEFAULT_LIMITS = Limits()
