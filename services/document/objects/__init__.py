"""The object store: a port, the S3 store behind it, and its twin in memory."""

from services.document.objects.memory import MemoryObjects
from services.document.objects.port import NoSuchObject, NotEncrypted, ObjectStore, StoreUnavailable
from services.document.objects.s3 import S3Objects

__all__ = ["MemoryObjects", "NoSuchObject", "NotEncrypted", "ObjectStore", "S3Objects", "StoreUnavailable"]
