from . import delivery_promise_bound
