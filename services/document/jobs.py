"""Recurring jobs of the document service, and the command that each one runs."""

from datetime import timedelta

from services.document.files.commands.hashes import Hashes, compare_hashes
from services.document.files.commands.incoming import remove_incoming
from services.document.objects import ObjectStore
from services.document.retention.commands.reconciliation import reconcile
from services.document.retention.commands.sweeps import expire, remove_leftovers, sweep_orphans
from services.document.settings import Settings
from shared.timers import Job


def jobs(settings: Settings, objects: ObjectStore, hashes: Hashes) -> list[Job]:
    """The recurring jobs of this service."""
    return [
        Job("expire_documents", timedelta(minutes=10), expire(settings)),
        Job("remove_leftover_objects", timedelta(minutes=1), remove_leftovers(objects)),
        Job("sweep_orphan_objects", timedelta(hours=1), sweep_orphans(objects)),
        Job("reconcile", timedelta(days=1), reconcile(objects)),
        Job("remove_incoming", timedelta(minutes=10), remove_incoming(objects)),
        Job("compare_hashes", timedelta(minutes=10), compare_hashes(hashes)),
    ]
