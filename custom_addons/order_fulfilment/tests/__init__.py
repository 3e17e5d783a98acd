from . import test_tracking_promises
from . import test_tracking_ledger
from . import test_tracking_proof
from . import test_tracking_page
from . import test_tracking_tower
from . import test_invoicing_drops
from . import test_tracking_service
