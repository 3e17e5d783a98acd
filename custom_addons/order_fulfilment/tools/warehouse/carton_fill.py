"""Filling one carton: free cuboids that are cut by every block of goods put into them.

A cuboid's base is floor or goods throughout, because what is above a block gets that block's base only; so
whatever fits into a cuboid is carried on its whole base. Cuboids that touch at the same height are joined.
"""

from functools import lru_cache
from itertools import permutations


@lru_cache(maxsize=4096)
def orientations(item):
    """Sizes of ``item`` as it may be turned, each once."""
    length, width, height = item.size
    if item.upright:
        return tuple(dict.fromkeys([(length, width, height), (width, length, height)]))
    return tuple(dict.fromkeys(permutations(item.size)))


class Fill:
    """One carton being filled. ``rule`` chooses among free cuboids, ``blocks`` lays equal goods together."""

    def __init__(self, kind, rule=0, blocks=True):
        self.kind, self.rule, self.blocks = kind, rule, blocks
        self.spaces = [(0, 0, 0, *kind.size)]
        self.placed, self.contents, self.weight = [], [], kind.tare

    def add(self, item, count):
        """Put in as many of ``count`` pieces as fit."""
        if not all(item.agrees_with(other) for other in self.contents):
            return
        if not item.agrees_with(item):  # of two classes that must not be together
            count = min(count, 1)
        begun = len(self.placed)
        while count > 0:
            count = min(count, self._liftable(item, count))
            choice = self._choose(item, count)
            if not choice:
                break
            count -= self._put(item, *choice)
        if len(self.placed) > begun:
            self.contents.append(item)

    def _liftable(self, item, count):
        room = self.kind.max_weight - self.weight + 1e-9
        return int(min(count, room // item.weight)) if item.weight else count

    def _choose(self, item, count):
        """Best ``(space, size as turned, pieces per direction)``, or ``None``."""
        best, choice = None, None
        if count <= 0:
            return None
        turned, volume, shortest = orientations(item), item.volume, min(item.size)
        for space in self.spaces:
            if min(space[3:]) < shortest or space[3] * space[4] * space[5] < volume:
                continue
            for size in turned:
                grid = self._grid(space, size, count, item.fragile)
                if grid:
                    score = self._score(space, size, grid)
                    if best is None or score < best:
                        best, choice = score, (space, size, grid)
        return choice

    def _grid(self, space, size, count, flat):
        """Pieces along x, y and z of the block to lay; ``None`` when not one fits."""
        most = [space[3 + axis] // size[axis] for axis in range(3)]
        if not all(most):
            return None
        if not self.blocks:
            return 1, 1, 1
        high = 1 if flat else min(most[2], count)
        across = min(most[0], count // high)
        return across, min(most[1], count // (high * across)), high

    def _score(self, space, size, grid):
        """Lower is better; each rule values something else."""
        spare = [space[3 + axis] - size[axis] * grid[axis] for axis in range(3)]
        block = size[0] * size[1] * size[2] * grid[0] * grid[1] * grid[2]
        volume = space[3] * space[4] * space[5]
        if self.rule == 0:
            return volume - block, min(spare)
        if self.rule == 1:
            return min(spare), volume
        if self.rule == 2:
            return space[2], min(spare[:2]), volume
        return space[2] + size[2] * grid[2], -block, min(spare[:2])

    def _put(self, item, space, size, grid):
        x, y, z = space[:3]
        for level in range(grid[2]):
            for row in range(grid[1]):
                for column in range(grid[0]):
                    corner = (x + column * size[0], y + row * size[1], z + level * size[2])
                    self.placed.append((item.key, corner, size))
        pieces = grid[0] * grid[1] * grid[2]
        self.weight += item.weight * pieces
        self._cut(space, [size[axis] * grid[axis] for axis in range(3)], item.fragile)
        return pieces

    def _cut(self, space, block, fragile):
        """Replace ``space`` by what a block in its corner leaves: beside, behind and above."""
        x, y, z, length, width, height = space
        self.spaces.remove(space)
        beside, behind = length - block[0], width - block[1]
        if beside * width > behind * length:  # the larger rest stays whole
            rest = [
                (x + block[0], y, z, beside, width, height),
                (x, y + block[1], z, block[0], behind, height),
            ]
        else:
            rest = [
                (x + block[0], y, z, beside, block[1], height),
                (x, y + block[1], z, length, behind, height),
            ]
        if not fragile:
            rest.append((x, y, z + block[2], block[0], block[1], height - block[2]))
        self.spaces.extend(cuboid for cuboid in rest if min(cuboid[3:]) > 0)
        self._join()

    def _join(self):
        """Join cuboids of one height that share a whole side."""
        joined = True
        while joined:
            joined = False
            for first, one in enumerate(self.spaces):
                for second in range(first + 1, len(self.spaces)):
                    both = _union(one, self.spaces[second])
                    if both:
                        del self.spaces[second]
                        self.spaces[first] = both
                        joined = True
                        break
                if joined:
                    break


def _union(one, other):
    if one[2] != other[2] or one[5] != other[5]:
        return None
    for axis in (0, 1):
        across = 1 - axis
        if one[across] != other[across] or one[3 + across] != other[3 + across]:
            continue
        low, high = sorted((one, other), key=lambda space: space[axis])
        if low[axis] + low[3 + axis] == high[axis]:
            both = list(low)
            both[3 + axis] += high[3 + axis]
            return tuple(both)
    return None
