"""Imports without the garbage collector, which `shared.http.server` turns on again before the first request.

A service makes half a million objects while it imports, and no garbage to speak of: to look for some takes an eighth of
the computing of its start. `__main__` of each service imports this module before all others.
"""

import gc

gc.disable()
