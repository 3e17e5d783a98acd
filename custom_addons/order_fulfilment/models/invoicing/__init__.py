from . import sale_invoice_calendar
from . import res_partner_invoicing
from . import account_move
from . import sale_drop_invoicing
from . import sale_drop_amounts
from . import stock_move_drop
