"""PostgreSQL refuses to run as root; as root it is given to an unprivileged account."""

import os
import pwd
import shutil
from pathlib import Path

from deploy.local.problems import StackProblem
from deploy.local.process import Account

_ACCOUNT = "nobody"


def unprivileged(*needed: Path) -> Account | None:
    """The account PostgreSQL runs as: None for ourselves, or, when we are root, one that reaches all of `needed`.

    A checkout below a closed directory (such as /root) stays closed: the account gets the one capability that
    lets it pass, instead of everyone getting the right to.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_ACCOUNT)
    except KeyError:
        raise StackProblem(
            f"PostgreSQL does not run as root and there is no account {_ACCOUNT!r}: run as yourself"
        ) from None
    if all(_open_to_others(path) for path in needed):
        return Account(entry.pw_uid, entry.pw_gid)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise StackProblem(
            "PostgreSQL does not run as root, and other accounts cannot enter this directory: "
            "run as yourself, or move the checkout out of root's home"
        )
    identity = (f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
    capability = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    return Account(entry.pw_uid, entry.pw_gid, via=(setpriv, *identity, *capability))


def _open_to_others(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
