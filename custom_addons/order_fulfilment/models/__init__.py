from . import order_fulfilment_capability
from . import res_config_settings
from . import options
from . import entry
from . import tracking
from . import warehouse
from . import invoicing
from . import support
