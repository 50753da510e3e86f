"""`python -m tests.faults --seed 1 --count 60`: a run without faults, the same run with them, and the verdict.

Needs PostgreSQL's binaries and redis-server; libfaketime (package `libfaketime`) for faults of the clock,
which are left out without it. Everything lies in one folder, which is kept when something is wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from .injectors import HEAVY, Fault, Injector, plan
from .pieces import Pieces
from .settling import settle
from .world import FAKETIME, ROOT, World, run

#: How long the next fault waits at the most for mail to flow again.
RECOVERY = 20.0
CHECKER = Path(__file__).with_name("checker.py")
#: Settings that break a promise on purpose: the checker must see it.
PLANTS: dict[str, dict] = {
    "double": {"doubt": "resend", "doubt_wait_seconds": 0},
    "lose": {"doubt_wait_seconds": 100_000},
}


def laps_of(count: int) -> int:
    """How much work goes on beside so many faults."""
    return max(4, round(count / 12))


def load(world: World, folder: Path, *, seed: int, laps: int, paced: bool) -> subprocess.Popen:
    words = ["--seed", str(seed), "--laps", str(laps), "--port", str(world.ports["web"])]
    words += ["--asked", str(folder / f"asked-{world.database}.jsonl"), "--letters", str(world.letters)]
    words += ["--pace", str(folder / "pace")] if paced else []
    with (folder / "logs" / f"load-{world.database}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.load", str(folder / "plan.json"), *words],
            cwd=ROOT,
            env=world.environment(),
            stdout=log,
            stderr=log,
        )


def open_database(world: World, name: str) -> None:
    """A fresh copy of the prepared database, with a mail server and an application of its own."""
    world.copy_database("empty", name)
    world.database = name
    world.start_relay()
    world.start_application()
    world.wait_until_up()


def close_database(world: World, folder: Path) -> None:
    """Let everything come to rest, and let the checker write down what is there."""
    settle(world)
    words = [sys.executable, str(CHECKER), "dump", str(folder / world.database), world.database_url()]
    run(words)


def write_down(folder: Path, told: dict) -> None:
    with (folder / "faults.jsonl").open("a") as file:
        file.write(json.dumps(told, ensure_ascii=False) + "\n")


def forget_faults(world: World, folder: Path) -> None:
    """Keep the run without faults that lies in the folder, for another run with them."""
    (world.cluster / "postmaster.pid").unlink(missing_ok=True)
    world.start_postgres()
    for name in ("faults", "restored", *(f"piece{number}" for number in range(1, 20))):
        world.sql(f'DROP DATABASE IF EXISTS "{name}"', "postgres")
    for file in (*folder.glob("*-faults.*"), folder / "faults.jsonl", *folder.glob("failpoints/*")):
        file.unlink(missing_ok=True)
    shutil.rmtree(folder / "var" / "faults", ignore_errors=True)


def inject_all(
    world: World, folder: Path, faults: list[Fault], *, seed: int, gap: float, work: subprocess.Popen
) -> None:
    injector = Injector(world, seed)
    rng = random.Random(f"gaps/{seed}")
    lock = threading.Lock()
    running: list[threading.Thread] = []

    def one(fault: Fault) -> None:
        try:
            told = injector.inject(fault)
        except Exception as error:
            told = {"t": time.time(), "until": time.time(), "n": fault.number, "fault": fault.name}
            told |= {"hit": False, "error": f"{type(error).__name__}: {error}"[:500]}
        with lock:
            write_down(folder, told)

    for fault in faults:
        time.sleep(rng.uniform(0.4, 1.6) * gap)
        # The load is let a little ahead, so that there is mail when a fault waits for it.
        (folder / "pace").write_text(f"{(fault.number + 3) / len(faults):.4f}")
        running.append(threading.Thread(target=one, args=(fault,), daemon=True))
        running[-1].start()
        if fault.name.startswith(HEAVY):
            running[-1].join(60)
            world.wait_until_well(RECOVERY)
        if work.poll() not in (None, 0):
            break
        if fault.number % 50 == 0:
            print(f"  {fault.number} faults", flush=True)
    (folder / "pace").write_text("1")
    for thread in running:
        thread.join(120)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--gap", type=float, default=1.2, help="mean seconds between two faults")
    parser.add_argument("--folder", type=Path, help="where everything lies; kept")
    parser.add_argument(
        "--again", action="store_true", help="keep the run without faults that lies in --folder (same seed and count)"
    )
    parser.add_argument("--only", nargs="+", default=["F"], help='beginnings of names, as F21 "F04 frozen at"')
    parser.add_argument("--marks", action="store_true", help="red also when a mark of time is missed")
    parser.add_argument("--plant", choices=PLANTS, help="break a promise on purpose: the verdict must be red")
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.mkdtemp(prefix="faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    if FAKETIME is None:
        print("libfaketime was not found: faults of the clock are left out.")
    # Whoever is asked to end takes its servers along.
    signal.signal(signal.SIGTERM, lambda *_of: sys.exit(143))
    world = World(folder, outbox=PLANTS.get(args.plant, {}))
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"[{time.monotonic() - began:5.0f} s] {text}", flush=True)

    try:
        laps = laps_of(args.count)
        if args.again:
            forget_faults(world, folder)
        else:
            world.make_cluster()
            world.sql("CREATE DATABASE empty", "postgres")
            run([sys.executable, "-m", "tests.faults.setup", str(folder / "plan.json")], env=world.environment())
        world.start_redis()
        if not args.again:
            tell(f"the run without faults: {laps} laps")
            open_database(world, "plain")
            if load(world, folder, seed=args.seed, laps=laps, paced=False).wait():
                raise SystemExit(f"The load broke without any fault; see {folder}/logs/load-plain.log")
            close_database(world, folder)
            world.stop_application()
            world.children["relay"].stop()
        faults = plan(args.seed, args.count, tuple(args.only))
        tell(f"the run with {len(faults)} faults, seed {args.seed}")
        (folder / "pace").write_text("0")
        open_database(world, "faults")
        work = load(world, folder, seed=args.seed, laps=laps, paced=True)
        inject_all(world, folder, faults, seed=args.seed, gap=args.gap, work=work)
        tell("the faults are over; the load comes to its end")
        if work.wait():
            tell(f"the load broke; see {folder}/logs/load-faults.log")
        close_database(world, folder)
        world.stop_application()
        if args.only == ["F"]:
            tell("faults with a day and a database of their own")
            for told in Pieces(world, folder, long=args.count >= 500).all():
                write_down(folder, told)
        restarts = {name: child.restarts for name, child in world.children.items()}
        tell(f"restarts: {restarts}")
        deaths = {name: Counter(code for _at, code in child.deaths) for name, child in world.children.items()}
        (folder / "deaths.json").write_text(json.dumps(deaths))
    finally:
        world.close()
    words = ["judge", "--marks"] if args.marks else ["judge"]
    done = subprocess.run([sys.executable, str(CHECKER), *words, str(folder)], text=True, check=False)
    tell(f"kept in {folder}" if done.returncode or args.folder else "done")
    if not done.returncode and not args.folder:
        shutil.rmtree(folder, ignore_errors=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
