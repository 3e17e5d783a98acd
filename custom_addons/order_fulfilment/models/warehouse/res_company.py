import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    gs1_company_prefix = fields.Char(
        "GS1 company prefix", help="From your GS1 organisation; needed for SSCCs."
    )

    @api.constrains("gs1_company_prefix")
    def _check_gs1_company_prefix(self):
        for company in self.filtered("gs1_company_prefix"):
            if not re.fullmatch(r"[0-9]{4,12}", company.gs1_company_prefix):
                raise ValidationError(
                    self.env._("[OF-WH-020] The GS1 company prefix has 4 to 12 digits and nothing else.")
                )
