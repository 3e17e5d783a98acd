from . import order_confirm_result
from . import order_override_grant
from . import option_rule_import
from . import sale_order_promise_change
from . import delivery_proof_take
from . import pick_zone_generate
from . import pick_batch_build
from . import entry
