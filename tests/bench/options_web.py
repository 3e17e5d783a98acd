"""Loads an option model into a real Odoo and asks it as the dialog does: over HTTP, with a session."""

import json
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import requests
from options_oracle import DataError
from support import Server, odoo_shell, prepared_database, progress

CHUNK = 200

LOAD = """
from pathlib import Path
data = json.loads(Path(path).read_text(encoding="utf-8"))
attributes = env["product.attribute"].create([
    {"name": name or "(empty)", "create_variant": "no_variant", "display_type": "select",
     "value_ids": [(0, 0, {"name": value or "(empty)"}) for value in values]}
    for name, values in data["variables"].items()
])
template = env["product.template"].create({
    "name": "Benchmark end item",
    "attribute_line_ids": [
        (0, 0, {"attribute_id": a.id, "value_ids": [(6, 0, a.value_ids.ids)]}) for a in attributes
    ],
})
column = dict(zip(data["variables"], attributes))
value = {
    (name, text): record.id
    for name, values in data["variables"].items()
    for text, record in zip(values, column[name].value_ids.sorted("id"))
}
names = {record: pair for pair, record in value.items()}
rules = env["option.rule.set"].create({"name": "Benchmark", "product_tmpl_ids": [(6, 0, template.ids)]})
for number, table in enumerate(data["constraints"]):
    rule = env["option.rule"].create({"name": f"Table {number}", "kind": "table", "set_id": rules.id})
    rule._set_table(
        env["product.attribute"].union(*(column[name] for name in table["scope"])),
        [[[value[name, cell]] for name, cell in zip(table["scope"], row)] for row in table["tuples"]],
    )
refused = ""
try:
    rules.action_release()
except Exception as error:
    refused = str(error)
env.cr.commit()
result = {
    "template": template.id,
    "refused": refused,
    "loadable": len(rules.release_ids.definition or []),
    "values": [
        [*names[v.product_attribute_value_id.id], v.id, v.attribute_line_id.id]
        for v in template.attribute_line_ids.product_template_value_ids
    ],
}
"""


@contextmanager
def loaded(data: dict):
    """Yield a :class:`WebModel` on a database of its own, with ``data`` released as rules."""
    with prepared_database("opt_bench") as (site, name), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        start = time.perf_counter()
        found = odoo_shell(site, name, LOAD, path=str(path))
        if found["refused"]:
            raise DataError(f"Its rules cannot be released: {found['refused']}")
        progress(f"loaded and released in {time.perf_counter() - start:.1f} s")
        with Server(site, name) as server:
            yield WebModel(server, name, found)


class WebModel:
    """One end item behind the web controller; selections are lists of value ids."""

    def __init__(self, server, database, found):
        self._url = server.url
        self._template = found["template"]
        self.loadable = found["loadable"]
        self._id = {(name, value): id_ for name, value, id_, _line in found["values"]}
        self._line = {id_: line for _name, _value, id_, line in found["values"]}
        self._session = requests.Session()
        credentials = {"db": database, "login": server.login, "password": server.password}
        self._call("/web/session/authenticate", **credentials)
        self.state([])  # the first question compiles the model

    def _call(self, route, **params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self._session.post(self._url + route, json=body, timeout=600).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]

    def _timed(self, route, **params):
        start = time.perf_counter()
        result = self._call(route, product_template_id=self._template, **params)
        return result, (time.perf_counter() - start) * 1000

    def verdicts(self, configs) -> list[bool]:
        found: list = []
        for start in range(0, len(configs), CHUNK):
            chunk = [[self._id.get(pair, 0) for pair in c.items()] for c in configs[start : start + CHUNK]]
            found += self._timed("/order_fulfilment/options/check", selections=chunk)[0]
        return found

    def state(self, selection):
        return self._timed("/order_fulfilment/options/state", ptav_ids=selection)

    def reason(self, selection, value) -> float:
        """Ask for the reason; return milliseconds."""
        result, milliseconds = self._timed(
            "/order_fulfilment/options/reason", ptav_ids=selection, ptav_id=value
        )
        assert result["rules"] or result["choices"] or result["possible"]
        return milliseconds

    def choices(self, state) -> list:
        open_lines = set(state["open"])
        return [value for value in state["possible"] if self._line[value] in open_lines]

    def every_open_class_has_a_value(self, state) -> bool:
        return {self._line[value] for value in state["possible"]}.issuperset(state["open"])
