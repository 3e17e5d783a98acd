"""Our batches against Odoo's own automatic ones: the same transfers on the same database."""

from support import odoo_shell, prepared_database, progress

SCRIPT = """
import random

warehouse = env["stock.warehouse"].search([], limit=1)
stock, kind = warehouse.lot_stock_id, warehouse.out_type_id
zone = env["pick.zone"].browse(env["pick.zone.generate"].create({
    "name": "Bench", "warehouse_id": warehouse.id, "aisle_count": 10, "aisle_pitch": 5, "cell_count": 45,
    "cell_pitch": 1, "crossing_width": 1}).action_generate()["res_id"])
cells = zone.location_ids.sorted("name")
names = [{"name": place.name, "is_storable": True, "weight": 1} for place in cells]
products = dict(zip(cells.mapped("name"), env["product.product"].create(names)))
env["stock.quant"].create([
    {"product_id": products[place.name].id, "location_id": place.id, "quantity": 1000} for place in cells])
at = lambda aisle, cell: products[f"Bench-{aisle + 1:02d}-{cell:03d}-0"]
customers = env.ref("stock.stock_location_customers")
partner = env["res.partner"].create({"name": "Bench", "country_id": env.ref("base.de").id})
places = {"location_id": stock.id, "location_dest_id": customers.id}
pickings = env["stock.picking"].create([
    {"picking_type_id": kind.id, "partner_id": partner.id, **places, "move_ids": [
        (0, 0, {**places, "product_id": at(aisle, cell).id, "product_uom_qty": 1})
        for aisle, cell in sorted(set(map(tuple, stops)))]}
    for stops in orders])
pickings.action_confirm()
pickings.action_assign()
assert set(pickings.mapped("state")) == {"assigned"}

def walks(batches):
    from odoo.addons.order_fulfilment.tools.pick_route import order_length
    by_name = sum(
        order_length(zone._layout(), zone._stops(batch.move_line_ids.location_id.sorted("complete_name")))
        for batch in batches)
    return sum(batches.mapped("pick_distance")), by_name

result = {}
for capacity in capacities:
    kind.write({"auto_batch": True, "batch_group_by_destination": True, "batch_max_lines": capacity})
    for picking in pickings:
        picking._find_auto_batch()
    core, core_as_walked = walks(pickings.batch_id)
    pickings.batch_id.unlink()
    kind.write({"auto_batch": False, "cart_weight": capacity})
    batches, refused = pickings._build_pick_batches()
    assert not refused and batches.picking_ids == pickings
    ours, _by_name = walks(batches)
    batches.unlink()
    result[str(capacity)] = {"ours": ours, "core": core, "core_as_walked": core_as_walked}
"""


def savings(orders, capacities) -> dict:
    """``{"saving_vs_core": …, "saving_vs_core_as_walked": …}`` by capacity of the cart.

    The first lets Odoo's batches be walked the shortest way, so that only who is batched with whom counts;
    the second as Odoo lists them, by location name.
    """
    stops = [[[stop.aisle, stop.y] for stop in order.stops] for order in orders]
    progress(f"Odoo's own batches of {len(orders)} orders on one database …")
    with prepared_database("bench_batching") as (site, name):
        walked = odoo_shell(site, name, SCRIPT, orders=stops, capacities=list(capacities))
    for capacity, metres in walked.items():
        progress(
            f"capacity {capacity}: " + ", ".join(f"{who} {length:.0f} m" for who, length in metres.items())
        )
    return {
        f"saving_vs_{other}": {
            capacity: round(1 - metres["ours"] / metres[other], 4) for capacity, metres in walked.items()
        }
        for other in ("core", "core_as_walked")
    }
