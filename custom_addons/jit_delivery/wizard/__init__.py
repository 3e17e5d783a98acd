from . import delivery_change_ask
from . import delivery_window_picker
from . import sale_order_promise_change
