"""Configuration of the review service: what every service has, nothing of its own."""

from pydantic import Field

from shared.settings import SealingSettings


class Settings(SealingSettings):
    """Environment variables `ZAIRYU_...`."""

    port: int = Field(8104, description="port to listen on")
