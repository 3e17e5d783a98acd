"""What a change of a confirmed order line asks for anew, and which checks have to judge it."""

from dataclasses import dataclass

PRODUCT, QUANTITY, PRICE, CUSTOMER = "product", "quantity", "price", "customer"
NEW = frozenset((PRODUCT, QUANTITY, PRICE, CUSTOMER))
# Checks that judge something else than their topic says.
ASPECTS = {
    "customer_on_hold": CUSTOMER,
    "credit_limit": CUSTOMER,
    "weight_missing": PRODUCT,
    "volume_missing": PRODUCT,
}


@dataclass(frozen=True)
class LineState:
    """A line as it stands: ``quantity`` and ``price`` in its unit, ``discount`` in percent."""

    order_id: int
    product_id: int
    unit_id: int
    quantity: float
    price: float
    discount: float

    @property
    def net_price(self) -> float:
        """What one unit costs after discount."""
        return self.price * (1 - self.discount / 100.0)


def aspect_of(check: str, topic: str) -> str:
    """Return which aspect of a changed line this check judges, "" if changes do not concern it."""
    return ASPECTS.get(check) or (topic if topic in (PRODUCT, QUANTITY, PRICE) else "")


def aspects(before: LineState | None, after: LineState) -> frozenset:
    """Return the aspects that a check has to judge; none for what is the same or less.

    Without ``before`` the line is new. A quantity of 0 asks for nothing. More of a line keeps the price that
    was agreed; a price that is lowered cannot exceed a credit limit.
    """
    if not after.quantity:
        return frozenset()
    if before is None or _identity(before) != _identity(after):
        return NEW
    found = set()
    if after.quantity > before.quantity:
        found |= {PRODUCT, QUANTITY, CUSTOMER}
    if after.price != before.price or after.discount > before.discount or after.discount < 0:
        found.add(PRICE)
    if after.net_price > before.net_price:
        found.add(CUSTOMER)
    return frozenset(found)


def _identity(state: LineState) -> tuple:
    return state.order_id, state.product_id, state.unit_id
