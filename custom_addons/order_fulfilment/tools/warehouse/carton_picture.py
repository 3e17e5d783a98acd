"""A filled carton as SVG: seen from above its nearest corner, every piece in the colour of its product.

What is drawn later hides what was drawn before, so pieces are sorted from the back to the front.
"""

from math import cos, radians, sin

PALETTE = ("#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#9c755f", "#ff9da7")
MOST_PIECES = 250
COS, SIN = cos(radians(30)), sin(radians(30))


def carton_picture(size, boxes, colours, width=260):
    """Draw ``boxes``, ``(product, corner, size)`` in whole millimetres, in a carton of inner ``size``.

    ``colours`` maps a product to an index of the palette.
    """
    left, right = -size[1] * COS, size[0] * COS
    top, low = -size[2], (size[0] + size[1]) * SIN
    pad = max(size) * 0.03
    line = max(size) / 400
    parts = [_polygon(face, "#f8f1e3", "#c9a66b", line) for face in _inside(size)]
    for product, corner, extent in _back_to_front(_seen(boxes)):
        colour = PALETTE[colours[product] % len(PALETTE)]
        for shade, face in zip((0.0, 0.14, 0.28), _faces(corner, extent), strict=True):
            parts.append(_polygon(face, colour, "#212529", line, shade))
    view = f"{left - pad:.0f} {top - pad:.0f} {right - left + 2 * pad:.0f} {low - top + 2 * pad:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img" '
        f'style="width:100%;max-width:{width}px;max-height:{width}px">{"".join(parts)}</svg>'
    )


def colour_of(index):
    return PALETTE[index % len(PALETTE)]


def _at(x, y, z):
    return f"{(x - y) * COS:.1f},{(x + y) * SIN - z:.1f}"


def _inside(size):
    """Floor and the two far walls."""
    length, width, height = size
    yield [(0, 0, 0), (length, 0, 0), (length, width, 0), (0, width, 0)]
    yield [(0, 0, 0), (length, 0, 0), (length, 0, height), (0, 0, height)]
    yield [(0, 0, 0), (0, width, 0), (0, width, height), (0, 0, height)]


def _faces(corner, extent):
    """The three faces that look at the beholder: top, and the two near sides."""
    (x, y, z), (length, width, height) = corner, extent
    far_x, far_y, top = x + length, y + width, z + height
    yield [(x, y, top), (far_x, y, top), (far_x, far_y, top), (x, far_y, top)]
    yield [(x, far_y, z), (far_x, far_y, z), (far_x, far_y, top), (x, far_y, top)]
    yield [(far_x, y, z), (far_x, far_y, z), (far_x, far_y, top), (far_x, y, top)]


def _polygon(corners, fill, stroke, line, shade=0.0):
    points = " ".join(_at(*corner) for corner in corners)
    dark = f'<polygon points="{points}" fill="#000" fill-opacity="{shade}"/>' if shade else ""
    return f'<polygon points="{points}" fill="{fill}" stroke="{stroke}" stroke-width="{line:.2f}"/>{dark}'


def _seen(boxes):
    """Without the pieces that equal neighbours hide on all three sides; very many are joined to blocks."""
    boxes = [(product, tuple(corner), tuple(extent)) for product, corner, extent in boxes]
    places = {(corner, extent) for _product, corner, extent in boxes}
    seen = [box for box in boxes if not all((near, box[2]) in places for near in _neighbours(*box[1:]))]
    if len(seen) > MOST_PIECES:
        for axis in range(3):
            seen = _joined(seen, axis)
    return seen


def _neighbours(corner, extent):
    """Where an equal piece would begin that touches on the right, in front and above."""
    for axis in range(3):
        yield tuple(side + extent[axis] * (axis == other) for other, side in enumerate(corner))


def _joined(boxes, axis):
    """Join pieces of one product that stand face to face along ``axis``."""
    ends, blocks = {}, []
    for product, corner, extent in sorted(boxes, key=lambda box: box[1][axis]):
        face = tuple((corner[side], extent[side]) for side in range(3) if side != axis)
        before = ends.pop((product, face, corner[axis]), None)
        if before is None:
            blocks.append([product, list(corner), list(extent)])
            before = blocks[-1]
        else:
            before[2][axis] += extent[axis]
        ends[product, face, corner[axis] + extent[axis]] = before
    return [(product, tuple(corner), tuple(extent)) for product, corner, extent in blocks]


def _back_to_front(boxes):
    """Draw first what is behind: a piece that ends before another begins, along any axis, cannot hide it."""
    boxes = sorted(boxes, key=lambda box: (sum(box[1]), box[1]))
    ahead = [[i for i, other in enumerate(boxes) if _is_behind(box, other)] for box in boxes]
    waits = [0] * len(boxes)
    for index in (index for others in ahead for index in others):
        waits[index] += 1
    left = dict.fromkeys(range(len(boxes)))
    while left:
        index = next((index for index in left if not waits[index]), next(iter(left)))
        del left[index]
        for other in ahead[index]:
            waits[other] -= 1
        yield boxes[index]


def _is_behind(one, other):
    ahead = any(one[1][axis] + one[2][axis] <= other[1][axis] for axis in range(3))
    after = any(other[1][axis] + other[2][axis] <= one[1][axis] for axis in range(3))
    return ahead and not after
