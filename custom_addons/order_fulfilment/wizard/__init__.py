from . import order_confirm_result
from . import order_override_grant
