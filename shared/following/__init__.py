"""One application followed by operators through a service: what happened to it there, and which events about it went
out and came in. See docs/following.md."""

from shared.following.model import Part, Sent, Step, Taken
from shared.following.routes import following_router

__all__ = ["Part", "Sent", "Step", "Taken", "following_router"]
