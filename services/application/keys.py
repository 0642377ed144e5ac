"""The secrets that filing works with, from the service's configuration."""

import hmac
from hashlib import sha256

from services.application.commands import Keys
from services.application.settings import Settings
from shared.service import Runtime


def filing_keys(runtime: Runtime) -> Keys:
    """The seal for addresses, and a secret of its own for finding a person again."""
    assert isinstance(runtime.settings, Settings)
    root = runtime.settings.person_key.get_secret_value().encode()
    return Keys(sealer=runtime.sealer, person_secret=hmac.new(root, b"zairyu.person-key", sha256).digest())
