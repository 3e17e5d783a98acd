"""Nothing comes back that did not go out: of goods and of money alike."""

from collections.abc import Iterable
from dataclasses import dataclass

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Balance:
    """What went out and what came back under one key (an order line, a serial number, an invoice).

    :param unnamed: went out without saying which serial number; may come back under any
    """

    key: object
    out: float
    back: float
    unnamed: float = 0.0

    @property
    def left(self) -> float:
        """How much may still come back."""
        return max(self.out + self.unnamed - self.back, 0.0)


def exceeded(balances: Iterable[Balance], tolerance: float = TOLERANCE) -> list[Balance]:
    """The balances of which more came back than went out."""
    return [item for item in balances if item.back > item.out + item.unnamed + tolerance]
