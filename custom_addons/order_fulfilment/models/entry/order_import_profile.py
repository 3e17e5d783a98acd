from odoo import api, fields, models

from ...tools.entry.cell_values import Conventions
from ...tools.entry.column_mapping import FIELDS, normalise, signature
from ...tools.entry.order_rows import RowSettings
from .order_import_errors import raise_fault

FIELD_LABELS = [
    ("order_key", "Order number"),
    ("order_key_2", "Order number, second part"),
    ("customer_ref", "Customer reference"),
    ("customer_name", "Customer name"),
    ("country", "Customer country"),
    ("product_code", "Product code"),
    ("description", "Description"),
    ("quantity", "Quantity"),
    ("uom", "Unit"),
    ("price", "Unit price"),
    ("discount", "Discount (%)"),
    ("currency", "Currency"),
    ("date", "Order date"),
    ("commitment_date", "Delivery date"),
    ("customer_order_ref", "Customer's own reference"),
    ("options", "Options"),
]
assert {name for name, _label in FIELD_LABELS} == set(FIELDS)


class OrderImportProfile(models.Model):
    """How one source writes its order books, and what to do with what it brings.

    A profile is found again by the headers of the file (``signature``), so that a mapping is made once.
    """

    _name = "order.import.profile"
    _description = "Order Import Profile"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    source = fields.Char(
        required=True,
        help="Names the system the orders come from. Order numbers are unique within a source: "
        "the same number again is the same order.",
    )
    signature = fields.Char(
        copy=False, readonly=True, help="Headers by which files of this source are known."
    )
    column_ids = fields.One2many("order.import.profile.column", "profile_id", copy=True)
    header_row = fields.Integer(default=1, required=True, help="Row of the sheet that holds the headers.")
    unknown_customer = fields.Selection(
        [("reject", "Refuse the order"), ("create", "Create the customer")], required=True, default="reject"
    )
    unknown_product = fields.Selection(
        [("reject", "Refuse the order"), ("create", "Create the product")], required=True, default="reject"
    )
    charge_codes = fields.Text(
        help="Codes that are charges (postage, fees, discounts) and not goods, separated by commas or lines; "
        "* stands for any characters. They become services, which nobody picks."
    )
    cancellation_marker = fields.Char(
        help='Order numbers that begin with this are cancellations of an earlier order, such as "C".'
    )
    price_source = fields.Selection(
        [("file", "Price in the file"), ("pricelist", "Price list")], required=True, default="file"
    )
    allow_zero_price = fields.Boolean(string="Allow price 0")
    confirm = fields.Boolean(
        string="Confirm orders", help="Confirm the orders that pass all checks; the others stay quotations."
    )
    date_order = fields.Selection(
        [("dmy", "Day first: 31/12/2026"), ("mdy", "Month first: 12/31/2026")],
        string="Day and month",
        help="Only for dates written as text with slashes; empty: found out from the file.",
    )
    date_formats = fields.Char(help="More formats of text dates, separated by |, such as %d-%m-%Y %Hh%M")
    decimal_separator = fields.Selection(
        [(".", "Point: 1,234.56"), (",", "Comma: 1.234,56")],
        help="Only for numbers written as text; empty: found out from the file.",
    )
    tz = fields.Selection(
        "_tz_get",
        string="Time zone of the file",
        default=lambda self: self.env.user.tz or "UTC",
        required=True,
    )
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True)
    pricelist_id = fields.Many2one("product.pricelist", check_company=True)

    _source_unique = models.Constraint(
        "UNIQUE(company_id, name)", "Another import profile of the company has this name."
    )

    @api.model
    def _tz_get(self):
        return self.env["res.partner"]._fields["tz"].get_description(self.env)["selection"]

    @api.model
    def _find_by_header(self, header):
        """The company's profile that knows files with these headers, or none."""
        domain = [("signature", "=", signature(header)), ("company_id", "=", self.env.company.id)]
        return self.search(domain, limit=1)

    @api.model
    def _find_by_name(self, name):
        """The company's profile called ``name`` (or with that id); raises OF-IMP-072."""
        domain = [("company_id", "=", self.env.company.id)]
        which = (
            [("id", "=", name)]
            if isinstance(name, int)
            else ["|", ("name", "=", name), ("source", "=", name)]
        )
        profile = self.search([*domain, *which], limit=1)
        if not profile:
            known = ", ".join(self.search(domain, limit=20).mapped("name")) or "-"
            raise_fault(self.env, "OF-IMP-072", found=name, known=known)
        return profile

    def _wanted_columns(self):
        return {column.field: column.header for column in self.column_ids}

    def _row_settings(self):
        """What the pure row reader needs to know of this profile."""
        self.ensure_one()
        return RowSettings(
            wanted=self._wanted_columns(),
            header_row=self.header_row,
            conventions=Conventions(
                decimal=self.decimal_separator or "",
                day_first={"dmy": True, "mdy": False}.get(self.date_order),
                date_formats=tuple(
                    part.strip() for part in (self.date_formats or "").split("|") if part.strip()
                ),
            ),
            cancellation_marker=self.cancellation_marker or "",
            allow_zero_price=self.allow_zero_price,
            price_from_file=self.price_source == "file",
        )

    def _charge_patterns(self):
        text = (self.charge_codes or "").replace("\n", ",")
        return [part.strip().upper() for part in text.split(",") if part.strip()]

    @api.model
    def _remember(self, header, columns, name, **values):
        """A profile for files with ``header``, mapped as ``columns`` ({field: header text}).

        Created in superuser mode: whoever may import may have a mapping remembered, but only managers change
        what a profile allows; a remembered one allows nothing beyond the defaults.
        """
        key = signature(header)
        names = set(self.sudo().with_context(active_test=False).search([]).mapped("name"))
        label = next(text for text in (name, *(f"{name} ({n})" for n in range(2, 9999))) if text not in names)
        return (
            self.sudo()
            .create(
                {
                    "name": label,
                    "source": f"layout {normalise(label)}",
                    "signature": key,
                    "column_ids": [
                        fields.Command.create({"field": field, "header": text})
                        for field, text in columns.items()
                    ],
                    **values,
                }
            )
            .sudo(False)
        )


class OrderImportProfileColumn(models.Model):
    """One mapped column of a profile."""

    _name = "order.import.profile.column"
    _description = "Order Import Profile Column"
    _rec_name = "header"

    profile_id = fields.Many2one("order.import.profile", required=True, ondelete="cascade", index=True)
    field = fields.Selection(FIELD_LABELS, string="Meaning", required=True)
    header = fields.Char(required=True, help="Text in the header row")

    _field_unique = models.Constraint("UNIQUE(profile_id, field)", "A profile maps each meaning once.")
