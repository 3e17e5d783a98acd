"""Where revenue, cost, freight and credits of orders stand in Odoo's tables, each told by drop.

Every part selects the same columns (`COLUMNS`). A drop is the transfer that left for the customer; what came
back, with its freight and handling, is told of the drop it left with: a drop's margin is what is left of it.
"""

# Of a move, in the order line's unit. The parts of a kit count as the kits they make.
IN_LINE_UNIT = "move.quantity * unit.factor / line_unit.factor"
KITS = f"""
    COALESCE((SELECT move.quantity * unit.factor / NULLIF(part.product_qty * part_unit.factor, 0)
                     * bom.product_qty * bom_unit.factor / line_unit.factor
                FROM mrp_bom_line part
                JOIN mrp_bom bom ON bom.id = part.bom_id AND bom.type = 'phantom'
                JOIN uom_uom part_unit ON part_unit.id = part.product_uom_id
                JOIN uom_uom bom_unit ON bom_unit.id = bom.product_uom_id
               WHERE part.id = move.bom_line_id), {IN_LINE_UNIT})
"""
PART = "COALESCE(move.bom_line_id, 0)"

# Done moves to the customer and back, in the order line's unit. A kit's moves are parts: `part` tells them
# apart, `one` is one kit in the order line's unit.
MOVED = """
    SELECT move.id, move.sale_line_id AS line_id, move.product_id, move.date,
           COALESCE(NULLIF(move.value, 0), move.dropship_cost) AS value,
           COALESCE(origin.picking_id, move.picking_id) AS picking_id, move.picking_id AS transfer_id,
           from_customer.is_return,
           %(quantity)s AS quantity, %(part)s AS part, kit_unit.factor / line_unit.factor AS one,
           BOOL_OR(move.product_id = line.product_id) OVER (PARTITION BY line.id) AS is_whole,
           move.product_id = line.product_id AS is_sold
      FROM stock_move move
      JOIN sale_order_line line ON line.id = move.sale_line_id
      JOIN product_product sold ON sold.id = line.product_id
      JOIN product_template sold_as ON sold_as.id = sold.product_tmpl_id
      JOIN uom_uom kit_unit ON kit_unit.id = sold_as.uom_id
      JOIN uom_uom unit ON unit.id = move.product_uom
      JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
      JOIN stock_location source ON source.id = move.location_id
      JOIN stock_location dest ON dest.id = move.location_dest_id
CROSS JOIN LATERAL (SELECT source.usage = 'customer'
                           OR (source.usage = 'transit' AND source.company_id IS NULL) AS is_return
                   ) from_customer
 LEFT JOIN stock_move origin ON origin.id = move.origin_returned_move_id AND from_customer.is_return
     WHERE move.state = 'done' AND (%(orders)s::int[] IS NULL OR line.order_id = ANY(%(orders)s::int[]))
       AND (from_customer.is_return OR dest.usage = 'customer'
            OR (dest.usage = 'transit' AND dest.company_id IS NULL))
"""

# Posted invoice lines; a down payment is money, not yet revenue.
BILLED = """
    SELECT DISTINCT ON (item.id) item.id, rel.order_line_id AS line_id, -item.balance AS amount,
           entry.move_type = 'out_refund' AS is_return, entry.invoice_date AS date, entry.name AS document,
           named.picking_id AS named_picking_id, named.id AS named_id,
           abs(item.quantity * unit.factor / NULLIF(line_unit.factor, 0)) AS quantity
      FROM account_move_line item
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
      JOIN sale_order_line line ON line.id = rel.order_line_id
      JOIN account_move entry ON entry.id = item.move_id
 LEFT JOIN uom_uom unit ON unit.id = item.product_uom_id
 LEFT JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
 LEFT JOIN stock_move named ON named.id = item.drop_move_id
     WHERE entry.state = 'posted' AND entry.move_type IN ('out_invoice', 'out_refund')
       AND item.display_type = 'product' AND line.is_downpayment IS NOT TRUE
       AND (%(orders)s::int[] IS NULL OR line.order_id = ANY(%(orders)s::int[]))
  ORDER BY item.id, rel.order_line_id
"""

# Kits by the drop that completed them, as they are invoiced; of what came back one part breaks a kit. Of
# `shares`, each part's so far; of `kits`, all that were complete then.
KITS_BY_DROP = """
    parts AS (
        SELECT * FROM moved WHERE NOT is_whole
    ), kinds AS (
        SELECT line_id, is_return, COUNT(DISTINCT (product_id, part)) AS number
          FROM parts GROUP BY line_id, is_return
    ), shares AS (
        SELECT parts.id, earlier.product_id, earlier.part, SUM(earlier.quantity) AS quantity
          FROM parts
          JOIN parts earlier ON earlier.line_id = parts.line_id AND earlier.is_return = parts.is_return
               AND (earlier.date, earlier.id) <= (parts.date, parts.id)
      GROUP BY parts.id, earlier.product_id, earlier.part
    ), kits AS (
        SELECT parts.id,
               CASE WHEN parts.is_return THEN MAX(shares.quantity)
                    WHEN COUNT(*) < MAX(kinds.number) THEN 0
                    ELSE FLOOR(MIN(shares.quantity) / parts.one + 0.000001) * parts.one END AS quantity
          FROM parts
          JOIN shares ON shares.id = parts.id
          JOIN kinds ON kinds.line_id = parts.line_id AND kinds.is_return = parts.is_return
      GROUP BY parts.id, parts.is_return, parts.one
    ), kit_drops AS (
        SELECT line_id, is_return, picking_id, MAX(date) AS date, MAX(id) AS id, SUM(quantity) AS quantity
          FROM (SELECT parts.line_id, parts.is_return, parts.picking_id, parts.date, parts.id,
                       kits.quantity - LAG(kits.quantity, 1, 0.0) OVER (
                           PARTITION BY parts.line_id, parts.is_return ORDER BY parts.date, parts.id
                       ) AS quantity
                  FROM parts JOIN kits ON kits.id = parts.id) completed
      GROUP BY line_id, is_return, picking_id
    )
"""

# Each drop of a line as a stretch on a ruler from 0 to all that was shipped, oldest first, without what
# invoice lines name themselves; each other invoice line as a stretch on the same ruler. Where they overlap,
# the invoice line charged for that drop. So for what came back and credit notes, which name the drop that it
# left with: of a drop that came back in parts, they are for the first.
STRETCHES = """
    steps AS (
        SELECT line_id, is_return, picking_id, date, id, quantity,
               SUM(quantity) OVER (PARTITION BY line_id, is_return, picking_id ORDER BY date, id) AS so_far
          FROM moved WHERE is_sold
     UNION ALL
        SELECT line_id, is_return, picking_id, date, id, quantity, quantity FROM kit_drops
    ), named AS (
        SELECT line_id, named_picking_id AS picking_id, is_return, SUM(quantity) AS quantity FROM billed
         WHERE named_id IS NOT NULL GROUP BY line_id, named_picking_id, is_return
    ), ruler AS (
        SELECT line_id, is_return, picking_id,
               SUM(rest) OVER earlier - rest AS start, SUM(rest) OVER earlier AS stop
          FROM (
            SELECT steps.*, GREATEST(so_far - COALESCE(named.quantity, 0), 0)
                   - GREATEST(so_far - steps.quantity - COALESCE(named.quantity, 0), 0) AS rest
              FROM steps
         LEFT JOIN named ON named.line_id = steps.line_id AND named.picking_id = steps.picking_id
                   AND named.is_return = steps.is_return
          ) steps
        WINDOW earlier AS (PARTITION BY line_id, is_return ORDER BY date, id)
    ), unnamed AS (
        SELECT billed.*, SUM(quantity) OVER earlier - quantity AS start, SUM(quantity) OVER earlier AS stop
          FROM billed WHERE named_id IS NULL
        WINDOW earlier AS (PARTITION BY line_id, is_return ORDER BY date, id)
    ), told AS (
        SELECT unnamed.id, ruler.picking_id,
               SUM(LEAST(unnamed.stop, ruler.stop) - GREATEST(unnamed.start, ruler.start)) AS quantity
          FROM unnamed
          JOIN ruler ON ruler.line_id = unnamed.line_id AND ruler.is_return = unnamed.is_return
               AND ruler.start < unnamed.stop AND unnamed.start < ruler.stop
      GROUP BY unnamed.id, ruler.picking_id
    ), charged AS (
        SELECT id, line_id, is_return, date, document, named_picking_id AS picking_id, amount
          FROM billed WHERE named_id IS NOT NULL
     UNION ALL
        SELECT item.id, item.line_id, item.is_return, item.date, item.document, told.picking_id,
               item.amount * told.quantity / item.quantity
          FROM unnamed item JOIN told ON told.id = item.id
     UNION ALL
        SELECT item.id, item.line_id, item.is_return, item.date, item.document, NULL,
               item.amount * (1 - COALESCE(item.told / NULLIF(item.quantity, 0), 0))
          FROM (SELECT unnamed.*, (SELECT COALESCE(SUM(told.quantity), 0) FROM told
                                    WHERE told.id = unnamed.id) AS told FROM unnamed) item
         WHERE item.quantity IS NULL OR item.quantity = 0 OR item.quantity - item.told > 0.0000001
    )
"""

# kind, source id, order line, order, drop, date, document, then the amounts.
PARTS = """
    SELECT CASE WHEN charged.is_return THEN 'credit' ELSE 'invoice' END AS kind, charged.id AS source_id,
           charged.line_id, line.order_id, charged.picking_id, charged.date, charged.document,
           CASE WHEN charged.is_return OR line.is_delivery THEN 0 ELSE charged.amount END AS revenue,
           CASE WHEN charged.is_return AND line.is_delivery IS NOT TRUE THEN -charged.amount ELSE 0 END
               AS credit,
           CASE WHEN line.is_delivery THEN charged.amount ELSE 0 END AS freight_charged,
           0 AS cost, 0 AS freight_cost, 0 AS serve_cost
      FROM charged JOIN sale_order_line line ON line.id = charged.line_id
 UNION ALL
    SELECT CASE WHEN moved.is_return THEN 'return' ELSE 'cost' END, moved.id, moved.line_id, line.order_id,
           moved.picking_id, (moved.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date, NULL, 0, 0, 0,
           CASE WHEN moved.is_return THEN -moved.value ELSE moved.value END, 0, 0
      FROM moved JOIN sale_order_line line ON line.id = moved.line_id
     WHERE moved.value <> 0
 UNION ALL
    SELECT 'freight', picking.id, NULL, picking.sale_id,
           COALESCE(CASE WHEN source.usage = 'customer' THEN picking.return_id END, picking.id),
           (picking.date_done AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date, picking.carrier_tracking_ref,
           0, 0, 0, 0, picking.freight_cost, 0
      FROM stock_picking picking JOIN stock_location source ON source.id = picking.location_id
     WHERE picking.state = 'done' AND picking.freight_cost <> 0 AND picking.sale_id IS NOT NULL
       AND (%(orders)s::int[] IS NULL OR picking.sale_id = ANY(%(orders)s::int[]))
 UNION ALL
    SELECT 'entry', sale.id, NULL, sale.id, NULL,
           (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date, NULL, 0, 0, 0, 0, 0,
           COALESCE(company.serve_cost_order, 0) + COALESCE(company.serve_cost_line, 0) * (
               SELECT COUNT(*) FROM sale_order_line line
                WHERE line.order_id = sale.id AND line.display_type IS NULL
                   AND line.is_downpayment IS NOT TRUE)
      FROM sale_order sale JOIN res_company company ON company.id = sale.company_id
     WHERE sale.state = 'sale' AND (company.serve_cost_order <> 0 OR company.serve_cost_line <> 0)
       AND (%(orders)s::int[] IS NULL OR sale.id = ANY(%(orders)s::int[]))
 UNION ALL
    SELECT 'handling', MIN(moved.id), NULL, line.order_id, MIN(moved.picking_id),
           (MAX(moved.date) AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date, NULL, 0, 0, 0, 0, 0,
           CASE WHEN moved.is_return THEN MAX(company.serve_cost_return) ELSE MAX(company.serve_cost_drop) END
      FROM moved
      JOIN sale_order_line line ON line.id = moved.line_id
      JOIN res_company company ON company.id = line.company_id
  GROUP BY line.order_id, moved.transfer_id, moved.is_return
    HAVING CASE WHEN moved.is_return THEN MAX(company.serve_cost_return)
                ELSE MAX(company.serve_cost_drop) END <> 0
"""

ALL = f"WITH moved AS ({MOVED}), billed AS ({BILLED}), {KITS_BY_DROP}, {STRETCHES}, part AS ({PARTS})"
