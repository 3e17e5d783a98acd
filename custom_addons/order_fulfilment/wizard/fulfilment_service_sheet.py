import base64
import io

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..report.fulfilment_service_rates import FIGURES
from ..tools.tracking.local_day import end_of_named_day
from ..tools.tracking.page_access import without_control
from ..tools.tracking.service_definitions import DEFINITIONS

LEVELS = [("line", "Order lines"), ("order", "Orders"), ("drop", "Drops")]
MODELS = {
    "line": "fulfilment.service",
    "order": "fulfilment.service.order",
    "drop": "fulfilment.service.drop",
}
GROUPS = [
    ("partner_id", "Customer"),
    ("product_id", "Product"),
    ("warehouse_id", "Warehouse"),
    ("carrier_id", "Carrier"),
    ("date_order:month", "Month"),
    ("date_order:week", "Week"),
]
DAYS = ("lead_days", "lead_spread", "backorder_days")


class FulfilmentServiceSheet(models.TransientModel):
    """Service figures of a period as of a day: on the screen, as a sheet, and for other systems."""

    _name = "fulfilment.service.sheet"
    _description = "Service Figures at a Date"

    level = fields.Selection(LEVELS, "Of", required=True, default="line")
    group_by = fields.Selection(GROUPS, "By", required=True, default="partner_id")
    date_from = fields.Date("Ordered from")
    date_to = fields.Date("Ordered until")
    as_of = fields.Date("As of", required=True, default=fields.Date.context_today)
    file = fields.Binary("Sheet", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    def action_open(self):
        """Open the figures as they were at the end of the day."""
        self.ensure_one()
        reference = {
            "line": "action_fulfilment_service",
            "order": "action_fulfilment_service_order",
            "drop": "action_fulfilment_service_drop",
        }[self.level]
        action = self.env["ir.actions.act_window"]._for_xml_id(f"order_fulfilment.{reference}")
        context = {
            "service_as_of": fields.Datetime.to_string(self._get_moment(self.as_of)),
            "pivot_row_groupby": [self.group_by],
        }
        domain = [
            (name, operator, str(value))
            for name, operator, value in self._get_domain(self.date_from, self.date_to)
        ]
        return {**action, "domain": domain, "context": context}

    def action_export(self):
        """Put the figures into a sheet, with what they mean on its second page."""
        self.ensure_one()
        options = {
            "date_from": self.date_from,
            "date_to": self.date_to,
            "as_of": self.as_of,
        }
        found = self.get_figures(self.level, self.group_by, **options)
        self.file = base64.b64encode(self._as_workbook(found))
        self.filename = f"service-figures-{self.level}-{self.as_of}.xlsx"
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def get_figures(self, level="line", group_by="partner_id", date_from=None, date_to=None, as_of=None):
        """Figures by group and of all, as plain values; a rate is None -> "" where nothing counted.

        :param level: "line", "order" or "drop"
        :param group_by: one of `GROUPS`; "product_id" for lines alone
        :param date_from: first day of ordering, :param date_to: last one; none: all
        :param as_of: day from whose end is looked; none: now
        """
        self.browse().check_access("read")
        self._check_question(level, group_by)
        moment = self._get_moment(as_of) if as_of else fields.Datetime.now()
        rows = self.env[MODELS[level]]
        if as_of:
            rows = rows.with_context(service_as_of=fields.Datetime.to_string(moment))
        rows.check_access("read")
        domain = self._get_domain(date_from, date_to)
        aggregates = ["__count", "on_time:count", *(f"{name}:avg" for name in FIGURES)]
        groups = rows._read_group(domain, [group_by], aggregates)
        whole = rows._read_group(domain, [], aggregates)
        return {
            "level": level,
            "group_by": group_by,
            "as_of": fields.Datetime.to_string(moment),
            "groups": [self._as_figures(self._as_name(name), amounts) for name, *amounts in groups],
            "all": self._as_figures("", list(whole[0])),
        }

    def _check_question(self, level, group_by):
        known = [name for name, _label in GROUPS if level == "line" or name != "product_id"]
        if level not in list(MODELS) or group_by not in known:  # may be of any type
            raise UserError(
                self.env._(
                    "[OF-SVC-001] No figures of %(level)s by %(group)s. Of: %(levels)s; by: %(groups)s.",
                    level=without_control(str(level))[:64],
                    group=without_control(str(group_by))[:64],
                    levels=", ".join(MODELS),
                    groups=", ".join(known),
                )
            )

    @api.model
    def get_definitions(self):
        """What the figures mean: pairs of term and text."""
        self.browse().check_access("read")
        return [list(pair) for pair in DEFINITIONS]

    def _as_figures(self, name, amounts):
        count, counted, *figures = amounts
        plain = {
            figure: round(value, 6) if value or counted else ""
            for figure, value in zip(FIGURES, figures, strict=True)
        }
        return {"name": name, "rows": count, "counted": counted, **plain}

    def _as_name(self, value):
        if isinstance(value, models.BaseModel):
            return value.sudo().display_name or ""
        return str(value)[:10] if value else ""

    def _get_moment(self, day):
        tz = self.env.company.partner_id.tz or self.env.user.tz or "UTC"
        return end_of_named_day(self._to_day(day), tz)

    def _get_domain(self, date_from, date_to):
        domain = []
        if date_from:
            day = self._to_day(date_from)
            domain.append(("date_order", ">", self._get_moment(fields.Date.subtract(day, days=1))))
        if date_to:
            domain.append(("date_order", "<=", self._get_moment(date_to)))
        return domain

    def _to_day(self, day):
        try:
            return fields.Date.to_date(day)
        except (TypeError, ValueError):
            said = without_control(str(day))[:64]
            raise UserError(self.env._("[OF-SVC-002] %s is no date; write it as 2026-11-30.", said)) from None

    def _as_workbook(self, found):
        stream = io.BytesIO()
        # Names of customers may begin with "=": they are text, never formulas.
        book = xlsxwriter.Workbook(
            stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet, bold = book.add_worksheet(self.env._("Figures")), book.add_format({"bold": True})
        formats = {
            name: book.add_format({"num_format": "0.0" if name in DAYS else "0.0%"}) for name in FIGURES
        }
        fields_of = self.env[MODELS[found["level"]]]._fields
        titles = [self.env._("Group"), self.env._("Rows"), self.env._("Counted")]
        titles += [fields_of[name]._description_string(self.env) for name in FIGURES]
        sheet.write_row(0, 0, titles, bold)
        whole = {**found["all"], "name": self.env._("All")}
        for number, row in enumerate([*found["groups"], whole], start=1):
            sheet.write_row(number, 0, [row["name"], row["rows"], row["counted"]])
            for column, name in enumerate(FIGURES, start=3):
                sheet.write(number, column, row[name], formats[name])
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, len(titles), 14)
        sheet.freeze_panes(1, 1)
        self._write_definitions(book, bold, found)
        book.close()
        return stream.getvalue()

    def _write_definitions(self, book, bold, found):
        sheet = book.add_worksheet(self.env._("Definitions"))
        sheet.write_row(0, 0, [self.env._("As of (UTC)"), found["as_of"]], bold)
        for number, (term, text) in enumerate(DEFINITIONS, start=2):
            sheet.write(number, 0, term, bold)
            sheet.write(number, 1, text)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 120)
