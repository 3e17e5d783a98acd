"""Random tasks and scans: the server's rules and the device's must say the same of each."""

import random
from datetime import date

from of_tools.gs1 import check_digit
from of_tools.warehouse.gs1_identifiers import FORMATS
from of_tools.warehouse.scan_view import Box, Line, Read, Session, View

TODAY = date(2026, 6, 1)
COMMANDS = ("confirm", "close", "next", "damaged", "short")
KINDS = ("place", "goods", "bin", "box", "new_box", "transfer", "command", "unknown", "unreadable", "dock")


def _line(dice: random.Random, number: int, phase: str) -> Line:
    wanted = dice.choice((1.0, 2.0, 3.0, 4.0, 0.5, 2.5))
    picked = phase != "pick" or dice.random() < 0.3
    scanned = wanted if picked else float(dice.choice((0, wanted, int(wanted / 2))))
    lot = dice.choice(("", "L1", "L2"))
    box = dice.choice((None, 91, 92)) if picked and phase != "pack" or dice.random() < 0.2 else None
    return Line(
        id=number,
        transfer=dice.randint(1, 2),
        product=dice.randint(11, 13),
        place=dice.randint(21, 23),
        wanted=wanted,
        scanned=scanned,
        packed=float(dice.choice((0, wanted, int(wanted / 2)))) if picked and not box else 0.0,
        picked=picked,
        box=box if picked or dice.random() < 0.3 else None,
        lot=lot,
        expiry=dice.choice((None, date(2026, 5, 31), date(2027, 1, 1))) if lot else None,
        tracked=bool(lot) and dice.random() < 0.8,
        lot_missing=not lot and dice.random() < 0.15,
        stop=dice.randint(0, 3),
        place_has_code=dice.random() < 0.8,
        source=dice.choice((None, None, 91, 93)),
        whole=dice.random() < 0.7,
        open_box=dice.choice((None, 91, 93)),
    )


def view(dice: random.Random) -> View:
    phase = dice.choice(("pick", "pick", "pack", "pack", "load", "confirm"))
    lines = tuple(_line(dice, number, phase) for number in range(1, dice.randint(1, 6)))
    boxes = tuple(Box(box, dice.randint(1, 2), dice.random() < 0.4) for box in (91, 92))
    session = Session(
        place=dice.choice((None, 21, 22, 23)),
        line=dice.choice((None, 1, 2)),
        transfer=dice.choice((None, 1, 2)),
        box=dice.choice((None, 91, 93)),
        dock=dice.choice((None, "location-31")),
        skipped=tuple(sorted(dice.sample(range(1, 6), dice.randint(0, 2)))),
    )
    return View(
        lines=lines,
        session=session,
        boxes=boxes,
        bins=dice.choice(({}, {1: 1, 2: 2})),
        docks=dice.choice(({}, {"location-31": "Dock 1", "vehicle-4": "B-OF 19"})),
        others=frozenset(dice.sample((21, 22, 23), dice.randint(0, 1))),
        held=frozenset(dice.sample(range(1, 6), dice.randint(0, 2))),
        busy_transfers=frozenset(dice.sample((1, 2), dice.randint(0, 1))),
        packs=dice.random() < 0.8,
        loads=dice.random() < 0.8,
        today=TODAY,
    )


def read(dice: random.Random) -> Read:
    kind = dice.choice(KINDS + ("goods",) * 6 + ("place",) * 2 + ("box", "bin", "command"))
    if kind == "goods":
        return Read(
            "goods",
            "code",
            product=dice.randint(11, 14),
            lot=dice.choice(("", "", "L1", "L2", "L9")),
            expiry=dice.choice((None, None, date(2026, 1, 31), date(2027, 1, 31))),
            quantity=float(dice.choice((1, 1, 1, 2, 5))),
            implied=dice.random() < 0.5,
        )
    ids = {
        "place": dice.choice((21, 22, 23, 31, 32)),
        "bin": dice.randint(1, 3),
        "box": dice.choice((91, 92, 93)),
        "new_box": dice.choice((None, 5)),
        "transfer": dice.randint(1, 3),
        "command": dice.choice(COMMANDS),
        "dock": dice.choice(("vehicle-4", "vehicle-5")),
    }
    reason = (
        "missing" if ids.get(kind) == "short" else "in_use" if kind == "box" and dice.random() < 0.2 else ""
    )
    return Read(kind, "code", id=ids.get(kind), reason=reason)


OFTEN = ("00", "01", "02", "10", "11", "17", "21", "30", "37", "3102", "400", "402")


def _element(dice: random.Random) -> tuple[str, str]:
    """Identifier and data, now and then against the standard."""
    identifier = dice.choice(OFTEN) if dice.random() < 0.6 else dice.choice(sorted(FORMATS))
    parts = FORMATS[identifier].parts
    data = "".join(_part(dice, part) for part in parts if not part.optional or dice.random() < 0.5)
    identifier = identifier if dice.random() < 0.97 else dice.choice(("23", "3106", "4399", "05"))
    return identifier, data[:-1] if dice.random() < 0.03 else data


def _part(dice, part):
    if part.check == "d":
        return f"{dice.randint(0, 99):02d}{dice.randint(1, 13):02d}{dice.randint(0, 30):02d}"
    size = dice.randint(part.least, min(part.most, 25)) + (dice.random() < 0.02)
    data = "".join(dice.choices("0123456789" if part.digits else "ABC0123-/", k=size))
    if part.check == "k" and dice.random() < 0.95:
        data = f"{data[:-1]}{check_digit(data[:-1])}"
    return data


def element_string(dice: random.Random) -> str:
    """What a scanner may send of a GS1 symbol: in any of the forms, sound or broken."""
    elements = [_element(dice) for _ in range(dice.randint(1, 4))]
    if dice.random() < 0.3:
        return "".join(f"({identifier}){data}" for identifier, data in elements)
    ends = ("\x1d", "\x1d", "\x1d", "")
    body = "".join(f"{identifier}{data}{dice.choice(ends)}" for identifier, data in elements)
    return dice.choice(("", "]C1", "]d2", "]Q3", "\x1d")) + body
