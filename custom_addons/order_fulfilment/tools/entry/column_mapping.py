"""Which column of a sheet is which field of an order: guessed from headers, or remembered in a profile."""

import re
from dataclasses import dataclass
from dataclasses import field as default
from functools import lru_cache

from .import_fault import ImportFault
from .workbook_types import CellError, NoStoredValue

#: field → header texts (normalised) that mean it, best first
SYNONYMS = {
    "order_key": (
        "invoice",
        "invoiceno",
        "invoicenumber",
        "order",
        "orderno",
        "ordernumber",
        "orderid",
        "orderref",
        "orderreference",
        "salesorder",
        "ponumber",
        "purchaseorder",
        "auftrag",
        "auftragsnummer",
        "bestellnummer",
        "commande",
        "numerocommande",
        "belegnummer",
    ),
    "product_code": (
        "stockcode",
        "productcode",
        "itemcode",
        "sku",
        "item",
        "itemno",
        "itemnumber",
        "article",
        "articleno",
        "articlenumber",
        "internalreference",
        "defaultcode",
        "artikelnummer",
        "artikel",
        "reference",
        "product",
        "partnumber",
    ),
    "description": (
        "description",
        "productname",
        "itemdescription",
        "name",
        "bezeichnung",
        "designation",
        "text",
    ),
    "quantity": ("quantity", "qty", "orderedquantity", "menge", "anzahl", "quantite", "pieces", "units"),
    "date": (
        "invoicedate",
        "orderdate",
        "date",
        "datum",
        "bestelldatum",
        "auftragsdatum",
        "belegdatum",
        "datecommande",
    ),
    "price": (
        "price",
        "unitprice",
        "netprice",
        "preis",
        "einzelpreis",
        "stueckpreis",
        "prixunitaire",
        "prix",
    ),
    "customer_ref": (
        "customerid",
        "customer",
        "customerno",
        "customernumber",
        "customercode",
        "customerref",
        "clientid",
        "kundennummer",
        "kunde",
        "kundennr",
        "client",
        "codeclient",
    ),
    "customer_name": ("customername", "company", "companyname", "kundenname", "nomclient", "clientname"),
    "country": ("country", "countrycode", "land", "pays"),
    "uom": ("unit", "uom", "unitofmeasure", "einheit", "me", "unite"),
    "discount": ("discount", "discountpercent", "rabatt", "remise"),
    "currency": ("currency", "waehrung", "devise", "currencycode"),
    "customer_order_ref": ("customerorder", "customerreference", "yourreference", "clientorderref"),
    "commitment_date": ("deliverydate", "requesteddate", "commitmentdate", "liefertermin", "datelivraison"),
    "options": ("options", "configuration", "optionen", "konfiguration"),
    "order_key_2": (),
}
FIELDS = tuple(SYNONYMS)
#: Either of the customer's columns is enough.
REQUIRED = ("order_key", "product_code", "quantity")
CUSTOMER_FIELDS = ("customer_ref", "customer_name")
RESULT_HEADERS = ("Import status", "Import reason", "Sales order")
HEADER_SEARCH_ROWS = 20
OPTION_HEADER = re.compile(r"option\s*:\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Mapping:
    """Columns of the fields, counted from 0, and the header they were found under.

    ``option_columns`` is {column: option class} for the columns headed "Option: <class>".
    """

    columns: dict
    header_row: int
    header: tuple
    option_columns: dict = default(default_factory=dict)

    def name(self, field):
        """The header text of a field's column, for messages; the field's own name if it has no column."""
        column = self.columns.get(field)
        return self.header[column] if column is not None else field


def header_text(cell):
    if cell is None or isinstance(cell, CellError | NoStoredValue):
        return ""
    return " ".join(str(cell).split())


@lru_cache(maxsize=4096)  # asked for every cell of a file, to find a header that comes again
def normalise(text):
    """Header text reduced to what matters: letters and digits, lower case, umlauts written out."""
    text = text.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    text = text.replace("é", "e").replace("è", "e")
    return re.sub(r"[^0-9a-z]+", "", text)


def signature(header):
    """The same for every file of the same layout: its headers in order, without our own result columns."""
    ours = {normalise(text) for text in RESULT_HEADERS}
    names = [normalise(header_text(cell)) for cell in header]
    return "|".join(name for name in names if name and name not in ours)


def guess(header):
    """{field: column} for the headers that are known words; a word already taken is not used twice."""
    names = [normalise(header_text(cell)) for cell in header]
    result = {}
    for field, words in SYNONYMS.items():
        for word in words:
            if word in names and names.index(word) not in result.values():
                result[field] = names.index(word)
                break
    return result


def missing_fields(fields, price_required=True):
    """Required fields that are not among ``fields``."""
    missing = [field for field in REQUIRED if field not in fields]
    if not any(field in fields for field in CUSTOMER_FIELDS):
        missing.append("customer_ref")
    if price_required and "price" not in fields:
        missing.append("price")
    return missing


def resolve(header, wanted, header_row, price_required=True):
    """Find the columns ``wanted`` ({field: header text}; empty means guess) in ``header``."""
    texts = tuple(header_text(cell) for cell in header)
    names = [normalise(text) for text in texts]
    columns = _columns_of(names, wanted) if wanted else guess(header)
    _refuse_missing(columns, texts, wanted, price_required, header_row)
    for column in columns.values():
        doubles = [index for index, name in enumerate(names) if name == names[column]]
        if len(doubles) > 1:
            raise ImportFault("OF-IMP-013", other=letter(doubles[0])).at(
                row=header_row, column=f"{texts[column]} ({letter(doubles[1])})"
            )
    taken = columns.values()
    option_columns = {
        column: found[1]
        for column, text in enumerate(texts)
        if column not in taken and (found := OPTION_HEADER.match(text))
    }
    return Mapping(columns, header_row, texts, option_columns)


def _columns_of(names, wanted):
    return {field: names.index(normalise(text)) for field, text in wanted.items() if normalise(text) in names}


def _refuse_missing(columns, texts, wanted, price_required, header_row):
    missing = missing_fields(columns, price_required)
    missing += [field for field in wanted or () if field not in columns and field not in missing]
    if missing:
        names = [(wanted or {}).get(field) or field.replace("_", " ") for field in missing]
        found = ", ".join(text for text in texts if text) or "-"
        raise ImportFault("OF-IMP-012", missing=", ".join(names), found=found[:300]).at(
            row=header_row, column=names[0]
        )


def letter(column):
    """Spreadsheet name of a column counted from 0: 0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def is_header_again(cells, mapping):
    """Whether a data row repeats the header, or is a second line of it (words where numbers belong)."""
    same = sum(
        normalise(header_text(cells[column])) == normalise(mapping.header[column]) != ""
        for column in mapping.columns.values()
        if column < len(cells) and isinstance(cells[column], str)
    )
    return same * 2 >= len(mapping.columns)


def is_second_header(cells, mapping):
    """Whether the row below the header holds words in every column that should hold numbers and dates."""
    fields = [field for field in ("quantity", "price", "date") if field in mapping.columns]
    values = [
        cells[mapping.columns[field]] if mapping.columns[field] < len(cells) else None for field in fields
    ]
    return len(fields) > 1 and all(
        isinstance(value, str)
        and not any(char.isdigit() for char in value)
        and value.strip().lower() not in WORDS
        for value in values
    )


#: Words that stand for a (bad) number and so do not make a header.
WORDS = ("", "nan", "inf", "-inf", "infinity", "-infinity", "n/a", "-", "none", "null")
