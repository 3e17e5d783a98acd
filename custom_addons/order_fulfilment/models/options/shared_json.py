from odoo import fields


class SharedJson(fields.Json):
    """JSON that readers share instead of getting copies: never change what it gives.

    A car line's tables have half a million cells; core copies them at every reading, which took most of the
    time of a release.
    """

    def convert_to_record(self, value, record):
        return False if value is None else value
