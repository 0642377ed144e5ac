"""Configuration of the application service."""

from pydantic import Field, SecretStr

from shared.settings import SealingSettings


class Settings(SealingSettings):
    """Settings of this service alone."""

    port: int = Field(8102, description="port to listen on")
    person_key: SecretStr = Field(
        description="key of the digests by which a person is found again; never changed: open cases would not be found"
    )
    draft_reminder_days: int = Field(7, description="a draft untouched for so many days is worth a reminder", ge=1)
    untouched_draft_days: int = Field(
        14, description="a draft never touched after its start is deleted then, after a reminder", ge=1
    )
    proof_key: SecretStr = Field(
        description="secret from which the key that signs proofs of pending applications is derived; earlier ones,"
        " whose proofs still verify, behind commas",
        min_length=32,
    )
    certificate_signer_file: str | None = Field(
        None,
        description="PKCS#12 file with the key that signs certificates inside the PDF; unset: a self-signed one, which"
        " programs do not trust",
    )
    certificate_signer_password: SecretStr = Field(SecretStr(""), description="password of that file")
    public_url: str = Field("http://127.0.0.1:8000", description="where people reach the site; proofs lead there")
    unseen_minutes: int = Field(30, description="a received application that review has not seen by then is late", ge=1)
    imports_in_progress: int = Field(3, description="imports of one owner that are worked on at the same time", ge=1)
    imports_kept: int = Field(200, description="imports of one owner that are kept", ge=1)
    import_days: int = Field(30, description="days after which an import is deleted with its file; drafts stay", ge=1)
    import_workers: int = Field(2, description="imports of all owners that one process works on at the same time", ge=1)
