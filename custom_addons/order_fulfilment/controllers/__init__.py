from . import product_configurator
from . import order_status
