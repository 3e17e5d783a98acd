from . import delivery_frequency
from . import delivery_window
from . import delivery_window_exception
from . import res_partner
from . import resource_calendar
from . import stock_warehouse
