from . import delivery_change_request
from . import order_quantity_fence
from . import sale_order_line
