from . import sale_order_promise_change
from . import delivery_proof_take
