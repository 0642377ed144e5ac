"""What all tests share: the fixtures of the real servers (docs/local-stack.md describes them)."""

pytest_plugins = ["tests.infra.fixtures"]
