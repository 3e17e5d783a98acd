"""What may stand on a proof of delivery, and how two sendings of one proof are told from two proofs."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ProofLine:
    """What was found at the door of one shipped line; quantities in the line's unit.

    :param key: tells the shipped line; several of these may be about the same one
    :param shipped: what left the warehouse, less what earlier proofs already settled
    """

    key: object
    name: str
    shipped: Decimal
    delivered: Decimal
    refused: Decimal
    reason: str = ""


def problems(lines: Sequence[ProofLine]) -> list[tuple[str, str]]:
    """Codes of what is wrong, each with the name of the line; an empty list if the proof can be taken."""
    found = []
    said: dict[object, Decimal] = defaultdict(Decimal)
    for line in lines:
        said[line.key] += line.delivered + line.refused
        if line.delivered < 0 or line.refused < 0:
            found.append(("negative", line.name))
        elif said[line.key] > line.shipped:
            found.append(("too_much", line.name))
        elif line.refused and not line.reason:
            found.append(("no_reason", line.name))
    return found


def fingerprint(content: dict) -> str:
    """Digest of what a proof says, equal for equal content in whatever order its keys and lines came."""
    lines = sorted(content.get("lines", []), key=lambda line: json.dumps(line, sort_keys=True, default=str))
    canonical = json.dumps({**content, "lines": lines}, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
