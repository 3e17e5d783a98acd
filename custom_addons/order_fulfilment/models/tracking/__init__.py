from . import sale_order_promise
from . import sale_order_promises
