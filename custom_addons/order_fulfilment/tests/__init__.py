from . import test_tracking_promises
