"""Load the base, make batches, train adapters, write texts. No Django in here."""

import os

# Before torch is loaded: its threads wait for each other by spinning otherwise, and with another
# process on the same cores that made training four times slower.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
