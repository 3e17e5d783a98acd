from . import after_sales_team
from . import after_sales_stage
from . import after_sales_category
from . import after_sales_cause
from . import after_sales_ticket_event
from . import after_sales_ticket
from . import ticket_flow
