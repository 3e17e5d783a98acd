from . import product_configurator
from . import order_status
from . import warehouse_label
