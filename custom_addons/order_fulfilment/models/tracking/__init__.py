from . import sale_order_promise
from . import sale_order_promises
from . import sale_order_line
from . import sale_order
from . import stock_move
