from . import product_configurator
from . import portal_access
from . import order_status
from . import support
from . import warehouse_label
from . import warehouse_scan
from . import return_portal
from . import recall_answer
