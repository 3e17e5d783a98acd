from . import test_warehouse_pick_route
from . import test_warehouse_batching
