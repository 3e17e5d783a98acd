"""Every invariant notices when it is broken. The damage is done in a transaction that is rolled back."""

import contextlib

import pytest
from invariants import INVARIANTS, NOT_UNIQUE, doubled_keys, key_fields, violations
from served import database
from served.trade import Trade

# Invariant → SQL that breaks it, after an order was stocked, delivered and invoiced and another reserved.
SEEDS = {
    "moves equal quants": "UPDATE stock_quant SET quantity = quantity + 1",
    "reserved is between zero and on hand": "UPDATE stock_quant SET reserved_quantity = quantity + 1",
    "open move lines equal reservations": "UPDATE stock_quant SET reserved_quantity = reserved_quantity + 1",
    "delivered is at most ordered": "UPDATE sale_order_line SET qty_delivered = product_uom_qty + 1",
    "returned is at most delivered": """
        UPDATE stock_move_line SET location_id = location_dest_id, location_dest_id = location_id
    """,
    "a move is returned at most once": """
        UPDATE stock_move_line SET quantity_product_uom = quantity_product_uom + 10
         WHERE move_id IN (SELECT id FROM stock_move WHERE origin_returned_move_id IS NOT NULL)
    """,
    "invoiced is at most what the policy allows": """
        UPDATE sale_order_line SET qty_invoiced = greatest(product_uom_qty, qty_delivered) + 5
    """,
}


@pytest.fixture(scope="module")
def traded(server):
    """One order through to its invoice and half its return, and one reserved."""
    trade = Trade(server.json2, "Invariants")
    trade.stock(100)
    done = trade.order(5)
    trade.confirm(done)
    trade.deliver(done)
    trade.invoice(done)
    trade.take_back(done, 2)
    trade.confirm(trade.order(7))
    return trade


@contextlib.contextmanager
def _damaged(server, damage: str):
    with contextlib.closing(database.connect(server.db)) as link, link.cursor() as cursor:
        link.autocommit = False

        def query(text, *parameters):
            cursor.execute(text, parameters or None)
            return cursor.fetchall()

        cursor.execute("SET LOCAL lock_timeout = '20s'; SET LOCAL session_replication_role = replica")
        cursor.execute(damage)
        yield query  # closing the connection rolls back


def test_a_trade_breaks_nothing(server, traded):
    found = violations(server.psql)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", INVARIANTS)
def test_a_broken_invariant_is_noticed(server, traded, name):
    with _damaged(server, SEEDS[name]) as query:
        assert [line for line in violations(query) if line.startswith(f"{name}:")]


def test_a_lost_unique_index_is_noticed(server):
    unique = [key for key in key_fields(server.psql) if f"{key[0]}.{key[2]}" not in NOT_UNIQUE]
    for model, table, column in unique:
        damage = (
            f"ALTER TABLE {table} RENAME COLUMN {column} TO gone; ALTER TABLE {table} ADD {column} varchar"
        )
        with _damaged(server, damage) as query:
            assert f"external key {model}.{column} is not under a unique index" in doubled_keys(query)
