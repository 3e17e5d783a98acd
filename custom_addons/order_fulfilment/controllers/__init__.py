from . import product_configurator
from . import order_status
from . import support
from . import warehouse_label
from . import warehouse_scan
