"""Places and ways as other systems name them: read and checked row by row."""

from math import isfinite


class GraphRowError(ValueError):
    """A line for every wrong row."""


def read_graph(nodes, ways):
    """``({name: values}, [(from, to, values)])`` of rows of places and ways, or all that is wrong with them.

    A place has ``name``, ``x``, ``y`` and may have ``begin`` and ``end``; a way has ``from``, ``to`` and may
    have ``metres`` and ``one_way``.
    """
    if not isinstance(nodes, list) or not isinstance(ways, list):
        raise GraphRowError("Places and ways are two lists of objects.")
    places, arcs, wrong = {}, [], []
    for number, row in enumerate(nodes, 1):
        try:
            name, values = _place(row)
            if name in places:
                raise ValueError(f"“{name}” is there twice.")
            places[name] = values
        except ValueError as error:
            wrong.append(f"Place {number}: {error}")
    for number, row in enumerate(ways, 1):
        try:
            arcs.append(_way(row, places))
        except ValueError as error:
            wrong.append(f"Way {number}: {error}")
    if not any(values["is_begin"] for values in places.values()):
        wrong.append("No place is one where walks begin.")
    if wrong:
        raise GraphRowError("\n".join(wrong))
    return places, arcs


def _place(row):
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"].strip():
        raise ValueError("must be an object with name, x and y.")
    values = {"x": _number(row, "x"), "y": _number(row, "y")}
    return row["name"].strip(), {
        **values,
        "is_begin": bool(row.get("begin")),
        "is_end": bool(row.get("end")),
    }


def _way(row, places):
    if not isinstance(row, dict):
        raise ValueError("must be an object with from and to.")
    ends = [str(row.get(end) or "").strip() for end in ("from", "to")]
    for name in ends:
        if name not in places:
            raise ValueError(f"there is no place “{name}”.")
    if ends[0] == ends[1]:
        raise ValueError("leads from a place to itself.")
    metres = _number(row, "metres") if row.get("metres") else 0.0
    if metres < 0:
        raise ValueError("metres must not be below zero.")
    return *ends, {"metres": metres, "is_one_way": bool(row.get("one_way"))}


def _number(row, name):
    try:
        value = float(row.get(name))
    except (TypeError, ValueError):
        value = float("nan")
    if not isfinite(value):
        raise ValueError(f"{name} “{row.get(name)}” is no number of metres.")
    return value
