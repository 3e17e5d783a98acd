"""Floor plan of a zone of any shape as SVG: its ways, one-way ones with arrows, and one walk."""

from html import escape

from .floor_plan import MARGIN, STYLE

WAYS = ".path{stroke:#ced4da;stroke-width:.5}"
ARROW = (
    '<marker id="one-way" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="3" markerHeight="3" orient="auto">'
    '<path d="M0,0L6,3L0,6z" fill="#868e96"/></marker>'
)


def graph_plan(graph, stops=(), path=()):
    """Draw ``graph`` (of :mod:`.graph_layout`); ``stops`` are names of places in walking order."""
    across = [x for x, _y in graph.places.values()]
    along = [y for _x, y in graph.places.values()]
    left, right, low, high = min(across), max(across), min(along), max(along)

    def at(point):  # the picture's y runs downwards
        return f"{point[0]:.2f}", f"{low + high - point[1]:.2f}"

    size = max(right - left, high - low, 10.0) / 45
    parts = [*_ways(graph, at), *_walk(path, at), *_places(graph, at, size), *_stops(graph, stops, at, size)]
    margin = MARGIN + size
    box = (left - margin, low - margin, right - left + 2 * margin, high - low + 2 * margin)
    corners = " ".join(f"{side:.2f}" for side in box)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{corners}" role="img" '
        f'style="width:100%;max-height:70vh"><style>{STYLE}{WAYS}</style><defs>{ARROW}</defs>'
        f"{''.join(parts)}</svg>"
    )


def _ways(graph, at):
    directions = {(one, other) for one, other, _metres in graph.ways}
    for one, other in sorted(directions):
        if (other, one) in directions and other < one:
            continue  # drawn already
        (x, y), (u, v) = at(graph.places[one]), at(graph.places[other])
        arrow = "" if (other, one) in directions else ' marker-end="url(#one-way)"'
        yield f'<line class="path" x1="{x}" y1="{y}" x2="{u}" y2="{v}"{arrow}/>'


def _walk(path, at):
    if path:
        yield '<polyline class="way" points="%s"/>' % " ".join(",".join(at(point)) for point in path)


def _places(graph, at, size):
    for name, point in graph.places.items():
        x, y = at(point)
        kind = "depot" if name in graph.begins else "end" if name in graph.ends else "shelf"
        yield f'<circle class="{kind}" cx="{x}" cy="{y}" r="{size * (0.4 if kind == "shelf" else 1):.2f}"/>'
        yield (
            f'<text x="{x}" y="{float(y) - 1.7 * size:.2f}" font-size="{0.8 * size:.2f}" fill="#495057">'
            f"{escape(name)}</text>"
        )


def _stops(graph, stops, at, size):
    for number, name in enumerate(dict.fromkeys(stops), 1):
        x, y = at(graph.places[name])
        yield f'<circle class="stop" cx="{x}" cy="{y}" r="{size * 0.7:.2f}"/>'
        yield f'<text x="{x}" y="{y}" font-size="{size * 0.8:.2f}" fill="#fff">{number}</text>'
