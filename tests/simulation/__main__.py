"""Simulates the runs of many seeds on all cores; prints those that fail, and how to repeat them."""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

_CHUNK = 50


def failing(seeds: range, mutation: str | None) -> list[tuple[int, str]]:
    """The seeds of `seeds` whose runs break a guarantee, and what each broke."""
    world = _world(mutation)
    found = []
    for seed in seeds:
        try:
            world.simulate(seed)
        except Exception as error:
            found.append((seed, f"{type(error).__name__}: {error}"))
    return found


_planted: list[str] = []


def _world(mutation: str | None):  # type: ignore[no-untyped-def]  # the module, imported once the bug is planted
    if mutation and mutation not in _planted:
        from tests.simulation.mutations import plant

        plant(mutation)
        _planted.append(mutation)
    from tests.simulation import world

    world.quiet()
    return world


def main() -> int:
    """1 where a seed fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1_000, help="number of runs")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--seed", type=int, help="repeat one run, and print its steps")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--mutation", help="plant this bug, and stop at the first seed that finds it")
    asked = parser.parse_args()
    if asked.seed is not None:
        return _one(asked.seed, asked.mutation)
    began = time.monotonic()
    end = asked.first + asked.seeds
    chunks = [range(at, min(at + _CHUNK, end)) for at in range(asked.first, end, _CHUNK)]
    failed = 0
    with ProcessPoolExecutor(asked.processes) as pool:
        for found in pool.map(partial(failing, mutation=asked.mutation), chunks):
            for seed, why in found:
                failed += 1
                print(f"seed {seed}: {why}; repeat it with make simulate SEED={seed}", flush=True)
            if found and asked.mutation:
                pool.shutdown(cancel_futures=True)
                return 1
    print(f"{asked.seeds} runs, {failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def _one(seed: int, mutation: str | None) -> int:
    world = _world(mutation)
    try:
        played = world.simulate(seed)
    except Exception as error:
        print(*error.world.steps, f"{type(error).__name__}: {error}", sep="\n")  # type: ignore[attr-defined]
        return 1
    print(*played.steps, f"seed {seed} holds: {played.hash.hexdigest()}", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
