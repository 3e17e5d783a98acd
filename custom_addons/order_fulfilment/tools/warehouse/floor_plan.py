"""Floor plan of a zone as SVG, with the way of one walk drawn and its stops numbered."""

from html import escape

MARGIN = 3.0
STYLE = (
    ".shelf{fill:#e9ecef;stroke:#ced4da;stroke-width:.08}.way{fill:none;stroke:#0d6efd;stroke-width:.35;"
    "stroke-linejoin:round;stroke-opacity:.7}.depot{fill:#198754}.end{fill:none;stroke:#198754;stroke-width:.3}.stop{fill:#dc3545}"
    "text{font-family:sans-serif;text-anchor:middle;dominant-baseline:central}"
)


def floor_plan(layout, labels, stops=(), path=()):
    """Draw ``layout`` (of :mod:`..pick_route`); ``labels`` name its aisles, ``stops`` in walking order."""
    points = [
        layout.depot,
        *layout.ends,
        *path,
        *((x, y) for x in layout.aisles for y in layout.cross_aisles),
    ]
    left, right = min(x for x, _y in points) - MARGIN, max(x for x, _y in points) + MARGIN
    low, high = min(y for _x, y in points) - MARGIN, max(y for _x, y in points) + MARGIN

    def at(x, y):  # the picture's y runs downwards, the depot's side is below
        return f"{x:.2f}", f"{low + high - y:.2f}"

    size = max(right - left, high - low) / 45
    parts = [*_shelves(layout, at, size), *_labels(layout, labels, at, size, high)]
    if path:
        parts.append('<polyline class="way" points="%s"/>' % " ".join(",".join(at(*place)) for place in path))
    x, y = at(*layout.depot)
    parts.append(f'<circle class="depot" cx="{x}" cy="{y}" r="{size:.2f}"/>')
    for x, y in (at(*place) for place in layout.ends if place != layout.depot):
        parts.append(f'<circle class="end" cx="{x}" cy="{y}" r="{size:.2f}"/>')
    parts += _stops(layout, stops, at, size)
    box = f"{left:.2f} {low:.2f} {right - left:.2f} {high - low:.2f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
        f'style="width:100%;max-height:70vh">'
        f"<style>{STYLE}</style>{''.join(parts)}</svg>"
    )


def _shelves(layout, at, size):
    """A shelf on either side of every aisle, open at the cross-aisles."""
    gaps = [later - earlier for earlier, later in zip(layout.aisles, layout.aisles[1:], strict=False)]
    depth = min(gaps, default=4.0) / 2 * 0.6
    for x in layout.aisles:
        for low, high in zip(layout.cross_aisles, layout.cross_aisles[1:], strict=False):
            inset = min(size / 2, (high - low) / 4)
            for side in (x - depth - depth * 0.3, x + depth * 0.3):
                left, top = at(side, high - inset)
                yield (
                    f'<rect class="shelf" x="{left}" y="{top}" width="{depth:.2f}" '
                    f'height="{high - low - 2 * inset:.2f}"/>'
                )


def _labels(layout, labels, at, size, high):
    for x, label in zip(layout.aisles, labels, strict=True):
        left, top = at(x, high - MARGIN / 2)
        yield f'<text x="{left}" y="{top}" font-size="{size:.2f}" fill="#495057">{escape(str(label))}</text>'


def _stops(layout, stops, at, size):
    seen = set()
    for number, stop in enumerate(stops, 1):
        if stop in seen:
            continue
        seen.add(stop)
        x, y = at(layout.aisles[stop.aisle], stop.y)
        yield f'<circle class="stop" cx="{x}" cy="{y}" r="{size * 0.7:.2f}"/>'
        yield f'<text x="{x}" y="{y}" font-size="{size * 0.8:.2f}" fill="#fff">{number}</text>'
