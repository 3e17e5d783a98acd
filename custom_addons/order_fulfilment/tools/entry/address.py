"""What an address still needs before a driver finds it."""

from dataclasses import dataclass

from . import postcode


@dataclass(frozen=True)
class Address:
    """An address as it would be printed; empty strings for what is not there."""

    name: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    country: str = ""


def missing_parts(address: Address, state_required: bool = False) -> list[str]:
    """Return the names of the parts that are missing, in the order in which they are asked for.

    The post code is asked for only where the country uses one, the state only where the country says so.
    """
    needed = ["name", "street", "city", "country"]
    if postcode.is_required(address.country):
        needed.insert(2, "zip")
    if state_required:
        needed.insert(-1, "state")
    return [part for part in needed if not getattr(address, part).strip()]
