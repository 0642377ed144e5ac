"""`python -m tests.contracts` adds what runs of tests read beyond the contracts."""

import json

from tests.contracts.reads import BEYOND, write


def main() -> None:
    """Write down what is kept, and say what of it no producer has."""
    if not BEYOND.exists():
        print("No run of tests has read more than the contracts have.")
        return
    for line in write([json.loads(BEYOND.read_text("utf-8"))], renew=False):
        print(line)
    BEYOND.unlink()


if __name__ == "__main__":
    main()
