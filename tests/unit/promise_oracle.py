"""A second, slow opinion on promises: tries every instant of a grid, ticks capacity off cell by cell."""

from datetime import timedelta

GRID = timedelta(minutes=30)


class Book:
    """Stock changes and free cells, copied before every trial."""

    def __init__(self, world, changes=None, cells=None):
        self.world = world
        self.changes = changes or {p: list(c) for p, c in world.supply.items()}
        self.cells = cells or {r: _cells(free) for r, free in world.resources.items() if free is not None}

    def copy(self):
        return Book(
            self.world,
            {p: list(c) for p, c in self.changes.items()},
            {r: set(c) for r, c in self.cells.items()},
        )

    def become(self, other):
        self.changes, self.cells = other.changes, other.cells

    def instants(self):
        instant = self.world.now
        while instant <= self.world.horizon:
            yield instant
            instant += GRID

    def can_take(self, product, quantity, at):
        changes = self.changes.get(product, [])
        points = [at] + [when for when, _ in changes if when > at]
        return all(sum(c for when, c in changes if when <= point) + 1e-6 >= quantity for point in points)

    def take(self, product, quantity, at):
        self.changes.setdefault(product, []).append((at, -quantity))

    def tick(self, resource, start, cells):
        """Take ``cells`` free cells from ``start`` on; answers the end of the last, or None."""
        end = start
        if resource not in self.cells:
            end = start + cells * GRID
            return end if end <= self.world.horizon else None
        for cell in sorted(self.cells[resource]):
            if cells and cell >= start:
                self.cells[resource].discard(cell)
                cells, end = cells - 1, cell + GRID
        return None if cells or end > self.world.horizon else end


def _cells(free):
    return {start + n * GRID for start, end in free for n in range((end - start) // GRID)}


def _now_free(book, product):
    """The largest whole quantity that can be taken at once."""
    quantity = 0
    while quantity < 50 and book.can_take(product, quantity + 1, book.world.now):
        quantity += 1
    return quantity


def obtain(book, product, quantity):
    """When all is there, or None; takes it from the book only then."""
    trial = book.copy()
    at_once = min(quantity, _now_free(trial, product))
    trial.take(product, at_once, book.world.now)
    rest = quantity - at_once
    if not rest:
        book.become(trial)
        return book.world.now
    supplied = next((at for at in trial.instants() if trial.can_take(product, rest, at)), None)
    assembly = trial.copy()
    made = _assemble(assembly, product, rest)
    if made is not None and (supplied is None or made < supplied):
        book.become(assembly)
        return made
    if supplied is not None:
        trial.take(product, rest, supplied)
        book.become(trial)
    return supplied


def _assemble(book, product, quantity):
    recipe = book.world.recipes.get(product)
    if not recipe:
        return None
    latest = book.world.now
    for component, per_unit in recipe.components:
        ready = obtain(book, component, per_unit * quantity)
        if ready is None:
            return None
        latest = max(latest, ready)
    for resource, per_unit, once in recipe.steps:
        latest = latest and book.tick(resource, latest, int(once + per_unit * quantity) // 30)
    return latest


def earliest(world, route, lines, load, not_before):
    """The first instant of the grid that satisfies everything, or None."""
    book = Book(world)
    goods = [obtain(book, line.product, line.quantity) for line in lines]
    if None in goods:
        return None
    goods = max(goods)
    picked = book.tick("pick", goods, sum(line.pick_minutes for line in lines) // 30)
    packed = picked and book.tick("pack", picked, sum(line.pack_minutes for line in lines) // 30)
    if packed is None:
        return None
    at_work = world.resources.get("load")
    departures = [
        instant
        for instant in book.instants()
        if instant >= packed and (at_work is None or any(a <= instant <= b for a, b in at_work))
    ]
    if route.cycles is not None:
        departures = [
            departure for cutoff, departure in route.cycles if goods <= cutoff and packed <= departure
        ]
    for instant in book.instants():
        if _holds(instant, route, departures[:1], load, not_before):
            return instant
    return None


def _holds(instant, route, departures, load, not_before):
    unload = timedelta(minutes=route.unload_minutes)
    ends = instant + unload
    return (
        (not_before is None or instant >= not_before)
        and any(departure + timedelta(minutes=route.transit_minutes) <= instant for departure in departures)
        and (route.receiving is None or any(a <= instant and ends <= b for a, b in route.receiving))
        and (
            route.slots is None
            or any(_room(slot, load) and slot.start <= instant and ends <= slot.stop for slot in route.slots)
        )
    )


def _room(slot, load):
    return slot.taken.drops + 1 <= slot.capacity.drops and (
        not slot.capacity.kg or slot.taken.kg + load <= slot.capacity.kg
    )
