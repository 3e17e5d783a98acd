from . import claim
from . import delivery_slot
from . import delivery_slot_template
from . import delivery_slot_hold
from . import delivery_slot_arguments
from . import delivery_slot_rpc
from . import sale_order
