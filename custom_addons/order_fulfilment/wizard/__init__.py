from . import sale_order_promise_change
