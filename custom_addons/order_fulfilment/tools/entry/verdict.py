"""What a check says about an order, and what the gate makes of it."""

from dataclasses import dataclass, field

from .order_content import fingerprint

BLOCK, WARN, OFF = "block", "warn", "off"


@dataclass(frozen=True)
class Finding:
    """What one check found on one order.

    ``inputs`` is all that the check looked at, as plain values: an override holds as long as they stay the
    same. ``line_id`` is 0 for a finding on the whole order; ``line_ids`` names all lines where it is about
    several; ``fix`` is the label of the one-click fix, "" for none.
    """

    order_id: int
    message: str
    inputs: tuple = ()
    line_id: int = 0
    fix: str = ""
    line_ids: tuple = ()

    @property
    def about(self) -> tuple:
        """All lines it is about; (0,) for the order as a whole."""
        return self.line_ids or (self.line_id,)


@dataclass(frozen=True)
class Verdict:
    """A finding with the severity it has here, and the override that covers it (0 for none).

    ``change_key`` replaces the key where a change of a confirmed order is judged: the line may not exist yet
    when somebody lets it pass.
    """

    check: str
    severity: str
    finding: Finding
    override_id: int = 0
    name: str = ""
    customer_text: str = ""
    is_overridable: bool = True
    change_key: str = ""
    fingerprint: str = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "fingerprint", fingerprint(self.check, self.finding.inputs))

    @property
    def code(self) -> str:
        """The stable code that stands in every message."""
        return stable_code(self.check)

    @property
    def key(self) -> str:
        """Tells findings of one order apart: the check, and the line it is about."""
        return self.change_key or f"{self.check}:{self.finding.line_id}"

    @property
    def blocks(self) -> bool:
        """Whether the order may not be confirmed as it stands."""
        return self.severity == BLOCK and not self.override_id

    def as_text(self) -> str:
        """One line for people and logs."""
        return f"[{self.code}] {self.finding.message}"

    def as_dict(self) -> dict:
        """Plain values for RPC and for the banner on the form."""
        return {
            "code": self.code,
            "check": self.check,
            "key": self.key,
            "name": self.name,
            "severity": self.severity,
            "message": self.finding.message,
            "line_id": self.finding.line_id,
            "fix": self.finding.fix,
            "overridden": bool(self.override_id),
            "overridable": self.is_overridable,
        }


@dataclass(frozen=True)
class KeptVerdict(Verdict):
    """A verdict that was kept: what the check looked at is known by its fingerprint alone."""

    kept_fingerprint: str = ""

    def __post_init__(self):
        object.__setattr__(self, "fingerprint", self.kept_fingerprint)


def stable_code(check: str) -> str:
    """Return the code of a check as it stands in messages: "price_zero" is "OF-GATE-PRICE-ZERO"."""
    return "OF-GATE-" + check.upper().replace("_", "-")
