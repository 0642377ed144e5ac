"""Configuration of the document service."""

from pydantic import Field, SecretStr

from shared.settings import BehindGateway, ServiceSettings


class Settings(ServiceSettings, BehindGateway):
    """`ZAIRYU_` and the name in capitals."""

    s3_endpoint: str = Field("http://127.0.0.1:8533", description="S3 store, http(s)://host[:port]")
    s3_public_endpoint: str | None = Field(
        None, description="address of the S3 store for browsers, where it is another one"
    )
    s3_access_key: str = Field(description="access key of the S3 store")
    s3_secret_key: SecretStr = Field(description="secret key of the S3 store")
    s3_bucket: str = Field("documents", description="bucket that holds the files")
    s3_region: str = Field("us-east-1", description="region of the bucket")
    s3_encryption_required: bool = Field(
        False, description="whether the service is not ready while the store does not encrypt files"
    )
    clamd: str | None = Field(
        None, description="address of ClamAV's daemon, host:port; unset: files are not scanned for malware"
    )
    rescan_days: int = Field(
        14, description="days for which a file is scanned again whenever the scanner has new signatures", ge=1
    )
    check_processes: int = Field(
        2, description="files checked at the same time; for moments twice as many less one, by several owners", ge=1
    )
    check_queue: int = Field(64, description="files that may wait for a check; more are answered 429", ge=1)
    check_queue_owner: int = Field(20, description="files of one owner that may wait for a check", ge=1)
    check_seconds_hour: int = Field(
        600, description="CPU seconds that the checks of one owner may take in an hour", ge=1
    )
    refused_files_hour: int = Field(
        200, description="files of one owner that may be refused in an hour; no more are checked then", ge=1
    )
    check_cpu_seconds: int = Field(6, description="CPU time one check may take", ge=1)
    check_wall_seconds: float = Field(20, description="time one check may take", gt=0)
    check_memory_mb: int = Field(1024, description="address space of a checking process, in MB", ge=256)
    link_seconds: int = Field(120, description="how long a link to a file works, at most 300", ge=10, le=300)
    preview_key: SecretStr = Field(
        description="secret that signs the links to pages of files and seals their pictures in the store"
    )
    preview_seconds: int = Field(
        900, description="how long a link to the pages of a file works, for the one it was made for", ge=10, le=3600
    )
    quota_files: int = Field(20_000, description="files an owner may keep that are not filed yet", ge=1)
    quota_mb: int = Field(20_000, description="MB an owner may keep that are not filed yet", ge=1)
    unfiled_days: int = Field(30, description="days after which a file that was never filed is deleted", ge=1)
    closed_days: int | None = Field(
        None, description="days after the end of its application on which a file is deleted; unset: never", ge=1
    )
    registration_days: int | None = Field(
        1095,
        description="days after the end or the refusal of its usage registration or periodic report on which a file is"
        " deleted; unset: never",
        ge=1,
    )
