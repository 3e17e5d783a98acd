from . import product_configurator
from . import order_status
from . import warehouse_label
from . import warehouse_scan
