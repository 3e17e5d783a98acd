from . import order_entry_quality
from . import sale_fulfilment_ledger
from . import fulfilment_tower
from . import fulfilment_service
from . import fulfilment_margin
from . import after_sales_pareto
from . import after_sales_figures
