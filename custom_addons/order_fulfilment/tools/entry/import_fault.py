"""What can be wrong with a workbook: one exception, one catalogue of texts with stable codes.

The texts are English source terms; the model layer passes a translator to :meth:`ImportFault.text`.
"""

from dataclasses import dataclass, replace


def _(term):
    """Mark ``term`` for the translation template; the translation happens in ``ImportFault.text``."""
    return term


MESSAGES = {
    # the file as a whole
    "OF-IMP-001": _(
        "This is not a workbook but %(found)s. Save it as .xlsx, .xls or .csv and upload it again."
    ),
    "OF-IMP-002": _(
        "The name ends in %(extension)s but the content is %(found)s. "
        "Rename the file or save it again in the format of its name."
    ),
    "OF-IMP-003": _(
        "The workbook is protected by a password. Save it without a password and upload it again."
    ),
    "OF-IMP-004": _("The file has %(found)s bytes, %(limit)s are allowed. Split it or raise the limit."),
    "OF-IMP-005": _(
        "The workbook unpacks to %(found)s bytes, %(limit)s are allowed: it looks like a zip bomb. "
        "Copy the data into a new workbook, or raise the limit if you trust the sender."
    ),
    "OF-IMP-006": _("There are more than %(limit)s rows. Split the workbook or raise the limit."),
    "OF-IMP-007": _(
        "There are more than %(limit)s empty rows. Delete the empty rows (select them, delete whole rows), "
        "save and upload again."
    ),
    "OF-IMP-008": _("There are more than %(limit)s columns. Delete the columns that are not needed."),
    "OF-IMP-009": _("There are more than %(limit)s cells. Split the workbook or raise the limit."),
    "OF-IMP-010": _("Reading takes more than %(limit)s. Save the data as .csv or split the workbook."),
    "OF-IMP-011": _("The workbook is damaged (%(detail)s). Open it, save it again and upload the new file."),
    "OF-IMP-012": _(
        'The column for "%(missing)s" is missing. The header row has: %(found)s. '
        "Add the column or map another one in the import profile."
    ),
    "OF-IMP-013": _("Two columns have this name (also column %(other)s). Rename or delete one of them."),
    "OF-IMP-014": _("This is a second header row. Keep one header row, directly above the data."),
    "OF-IMP-015": _("The cells %(found)s are merged. Unmerge them and fill in every row."),
    "OF-IMP-016": _("There are no order lines below the header row. Upload a workbook with at least one."),
    "OF-IMP-017": _(
        "The header is not in row %(expected)s but in row %(found)s. "
        'Delete the rows above it, or set "Header row" in the import profile.'
    ),
    "OF-IMP-018": _("The workbook contains a document type declaration. Copy the data into a new workbook."),
    "OF-IMP-019": _("The text is not valid %(encoding)s. Save the file as UTF-8 and upload it again."),
    "OF-IMP-020": _("A cell has more than %(limit)s characters. Shorten it."),
    # one row
    "OF-IMP-030": _("The order number is missing. Fill it in."),
    "OF-IMP-031": _("The customer is missing. Fill it in."),
    "OF-IMP-032": _("The product code is missing. Fill it in."),
    "OF-IMP-033": _('"%(found)s" is not a number. Enter a plain number.'),
    "OF-IMP-034": _("The quantity is 0. Enter a quantity or delete the row."),
    "OF-IMP-035": _(
        "The quantity %(found)s is negative, but the order number does not mark a cancellation. "
        "Correct the quantity or the order number."
    ),
    "OF-IMP-036": _("The number is missing. Fill it in."),
    "OF-IMP-037": _("The price is 0. Enter a price, or allow free lines in the import profile."),
    "OF-IMP-038": _("The price %(found)s is negative. Enter a positive price."),
    "OF-IMP-039": _('"%(found)s" is not a date. Enter a date such as 2026-11-23.'),
    "OF-IMP-040": _(
        '"%(found)s" can be read in two ways (day or month first). '
        "Choose the order of day and month in the import profile."
    ),
    "OF-IMP-041": _("The text contains control characters (%(found)s). Delete them."),
    "OF-IMP-042": _(
        "The cell holds a formula without a stored value. "
        "Open the workbook in a spreadsheet program, save it and upload it again."
    ),
    "OF-IMP-043": _('The cell holds the spreadsheet error "%(found)s". Correct the formula.'),
    "OF-IMP-044": _('"%(found)s" is not a finite number. Enter a plain number.'),
    "OF-IMP-045": _(
        '"%(found)s" can be read in two ways (thousands or decimals). '
        "Choose the decimal separator in the import profile."
    ),
    "OF-IMP-046": _('The unit "%(found)s" is unknown. Use one of: %(known)s.'),
    "OF-IMP-047": _(
        "The quantity %(found)s has more than %(limit)s decimals. "
        'Round it, or raise the decimal accuracy "Product Unit".'
    ),
    "OF-IMP-048": _("The text has more than %(limit)s characters. Shorten it."),
    "OF-IMP-049": _(
        "The quantity %(found)s is positive, but the order number marks a cancellation. "
        "Correct the quantity or the order number."
    ),
    # one order
    "OF-IMP-050": _("Refused with its order because of row %(because)s."),
    "OF-IMP-051": _(
        "The order has two customers (%(found)s and %(other)s). Give each customer an order of its own."
    ),
    "OF-IMP-052": _(
        'The customer "%(found)s" is unknown. Create it, or let the import profile create customers.'
    ),
    "OF-IMP-053": _('%(count)s customers have the reference "%(found)s". Keep one of them.'),
    "OF-IMP-054": _(
        'The product "%(found)s" is unknown. Create it, or let the import profile create products.'
    ),
    "OF-IMP-055": _('%(count)s products have the code "%(found)s". Keep one of them.'),
    "OF-IMP-056": _('The unit "%(found)s" does not fit the product, which is counted in "%(expected)s".'),
    "OF-IMP-057": _("Imported before as %(found)s; nothing to do."),
    "OF-IMP-058": _(
        "Imported before as %(found)s with other content; the order was left as it is. "
        "Change the order by hand, or give the new one a number of its own."
    ),
    "OF-IMP-059": _("Odoo refuses the order: %(detail)s"),
    "OF-IMP-060": _(
        "No earlier order of customer %(customer)s has %(quantity)s of product %(product)s at %(price)s "
        "left to cancel. Check customer, product, price and date, or cancel by hand."
    ),
    "OF-IMP-061": _(
        "%(quantity)s of product %(product)s cannot be cancelled on %(order)s: %(delivered)s are delivered "
        "already. Make a return on the delivery instead."
    ),
    "OF-IMP-062": _(
        "The currency is %(found)s, but the price list is in %(expected)s. Choose another price list."
    ),
    "OF-IMP-063": _("The cancellation of %(order)s was refused: %(detail)s"),
    "OF-IMP-064": _("Created as quotation %(order)s, not confirmed: %(detail)s"),
    "OF-IMP-065": _("The product %(found)s is not for sale. Change the product or the code."),
    "OF-IMP-066": _("Options of %(found)s: %(detail)s"),
    # the run
    "OF-IMP-070": _("The file name is missing. Give a name ending in .xlsx, .xls or .csv."),
    "OF-IMP-071": _("The content is not base64. Encode the bytes of the file in base64."),
    "OF-IMP-072": _('There is no import profile "%(found)s". Existing profiles: %(known)s.'),
    "OF-IMP-073": _("An import cannot go from %(before)s to %(after)s."),
    "OF-IMP-074": _("The capability is switched off. Ask your administrator to switch it on in Settings."),
    "OF-IMP-075": _("Import %(found)s does not exist, or you may not see it."),
    "OF-IMP-076": _('Map a column for "%(missing)s" first.'),
    "OF-IMP-077": _('Only one column can be "%(found)s".'),
}


@dataclass(frozen=True)
class Position:
    """Where in the upload something stands; rows and columns count from 1 as spreadsheets show them."""

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""


class ImportFault(Exception):  # noqa: N818 the fault is the sender's, not the program's
    """Something in the input keeps it from being imported; says what, where and what to do.

    ``params`` fill the text of ``code`` in :data:`MESSAGES` and are JSON-able, so that a fault can cross
    a process border.
    """

    def __init__(self, code, position=None, **params):
        super().__init__(code)
        self.code = code
        self.position = position or Position()
        self.params = params

    def at(self, **where):
        """The same fault with parts of its position filled in that were not known where it was raised."""
        known = {name: value for name, value in where.items() if not getattr(self.position, name)}
        self.position = replace(self.position, **known)
        return self

    def reason(self, translate=lambda term: term):
        """The text without position and code."""
        return translate(MESSAGES[self.code]) % self.params

    def place(self, translate=lambda term: term):
        """The position in words, as far as it is known."""
        where = self.position
        parts = [
            translate(_('File "%s"')) % where.file if where.file else "",
            translate(_('sheet "%s"')) % where.sheet if where.sheet else "",
            translate(_("row %s")) % where.row if where.row else "",
            translate(_('column "%s"')) % where.column if where.column else "",
        ]
        return ", ".join(part for part in parts if part)

    def text(self, translate=lambda term: term):
        """Code, position and reason in one line, for people."""
        place = self.place(translate)
        return (
            f"[{self.code}] {place}: {self.reason(translate)}"
            if place
            else f"[{self.code}] {self.reason(translate)}"
        )

    def __str__(self):
        return self.text()

    def to_json(self):
        return {"code": self.code, "position": vars(self.position), "params": self.params}

    @classmethod
    def from_json(cls, data):
        return cls(data["code"], Position(**data["position"]), **data["params"])
