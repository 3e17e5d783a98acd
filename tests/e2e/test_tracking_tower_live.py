"""The control tower in a real browser: what happens elsewhere shows without a reload."""

import pytest
from served.trade import Trade

FAR, PAST = "2035-01-10 10:00:00", "2020-01-07 10:00:00"
SECONDS = 1000


class Tower:
    """An open page of the tower, and the trade that changes what it shows."""

    def __init__(self, server, page):
        self.call, self.page = server.json2, page
        self.trade = Trade(server.json2, "Live")
        self.trade.stock(50)

    def order(self, quantity):
        """A confirmed order: its id and its number."""
        order = self.trade.order(quantity, commitment_date=FAR)
        self.trade.confirm(order)
        [found] = self.call("sale.order", "read", ids=[order], fields=["name"])
        return order, found["name"]

    def shows(self, name, reason):
        """One row, or one card in the column of its reason."""
        row = f".o_data_row:has-text('{name}'):has-text('{reason}')"
        card = (
            f".o_kanban_group:has(.o_kanban_header:has-text('{reason}')) .o_kanban_record:has-text('{name}')"
        )
        self.page.wait_for_selector(f"{row}, {card}", timeout=30 * SECONDS)

    def shows_no(self, name):
        row = f".o_data_row:has-text('{name}'), .o_kanban_record:has-text('{name}')"
        self.page.wait_for_selector(row, state="detached", timeout=60 * SECONDS)


@pytest.mark.parametrize("view", ["list", "kanban"])
def test_what_happens_elsewhere_shows_without_a_reload(fresh_server, view):
    server = fresh_server(workers=0)  # with threads, the websocket is at the address of the pages
    with server.browser() as page:
        page.goto(f"{server.url}/odoo/control-tower?view_type={view}")
        page.wait_for_selector(f".o_{view}_view")
        page.evaluate("window.stillHere = true")
        tower = Tower(server, page)
        order, short = tower.order(80)
        tower.shows(short, "At risk")
        tower.trade.stock(100)
        tower.call("stock.picking", "action_assign", ids=tower.trade.transfers(order))
        tower.shows_no(short)
        order, late = tower.order(1)
        tower.call("sale.order", "write", ids=[order], vals={"commitment_date": PAST})
        tower.shows(late, "Late")
        _order, asked = tower.order(1)
        payload = {"subject": "Where is it?", "reference": asked, "email": "someone@example.com"}
        tower.call("after.sales.ticket", "open_ticket", payload=payload, idempotency_key=f"live-{view}")
        tower.shows(asked, "Ticket open")
        assert page.evaluate("window.stillHere"), "the page was loaded anew"
