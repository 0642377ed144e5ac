"""Configuration of the review service: what every service has, and its own."""

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from shared.notice_signature import read_keys
from shared.settings import SealingSettings


class Settings(SealingSettings):
    """Environment variables `ZAIRYU_...`."""

    port: int = Field(8104, description="port to listen on")
    recall_minutes: int = Field(
        30,
        description="how long a decision can be recalled; then it takes effect and the applicant is informed",
        ge=0,
        le=10_080,
    )
    public_url: str = Field("http://127.0.0.1:8000", description="where people reach the site; payers come back there")
    payment_url: str = Field(
        "", description="payment provider; empty: fees are paid by slip alone", pattern=r"^(https?://[^\s]+)?$"
    )
    payment_key: SecretStr = Field(SecretStr(""), description="this site's key at the payment provider")
    payment_callback_keys: SecretStr = Field(
        SecretStr(""),
        validate_default=True,
        description="keys with which the payment provider signs its notices: `kid=KEY kid=KEY`, the new beside the old"
        " while it changes over",
    )

    @field_validator("payment_callback_keys")
    @classmethod
    def _keys(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        keys = read_keys(value.get_secret_value())
        if info.data.get("payment_url") and not (keys and info.data["payment_key"].get_secret_value()):
            raise ValueError("a payment provider needs ZAIRYU_PAYMENT_KEY and these keys")
        return value

    @property
    def payment_keys(self) -> dict[str, str]:
        """The keys of notices by their id."""
        return read_keys(self.payment_callback_keys.get_secret_value())
