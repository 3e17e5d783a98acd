from . import sale_fulfilment_ledger
