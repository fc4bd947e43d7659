#!/usr/bin/env python3
"""Runs the lockstep experiments on RocksDB, and prints what it did: JSON lines, as `measured.jsonl` has them.

    pip install rocksdict==0.3.29       # RocksDB 9.8.4
    python3 measure.py 1 2 3 4 > runs.jsonl

The arguments are seeds; which keys each stands for, `keys.rs` says. An experiment puts 3,000,000 entries, flushes after
every 7,200, and waits until nothing is left to compact. A run takes some 20 seconds, and 1 GB in the directory for
temporary files.
"""

import glob
import json
import re
import sys
import tempfile
import time

from rocksdict import DBCompactionStyle, DBCompressionType, Options, Rdict, WriteBatch, WriteOptions

PUTS = 3_000_000
FLUSH_EVERY = 7_200
LAST_FLUSHES = 100
LEVELS = 7
VALUE = bytes(range(100))
MILLION = 1_000_000

EXPERIMENTS = {
    "insert, dynamic, ×10": {},
    "insert, static, ×10": {"dynamic": False},
    "insert, dynamic, ×4": {"multiplier": 4.0},
    "insert, static, ×4": {"dynamic": False, "multiplier": 4.0},
    "overwrite of 1 million keys, dynamic, ×10": {"keys": MILLION},
    "overwrite of 1 million keys, static, ×10": {"keys": MILLION, "dynamic": False},
    "insert, by_compensated_size": {"pri": "kByCompensatedSize"},
    "insert, oldest_largest_seq_first": {"pri": "kOldestLargestSeqFirst"},
    "insert, oldest_smallest_seq_first": {"pri": "kOldestSmallestSeqFirst"},
    "insert, round_robin": {"pri": "kRoundRobin"},
    "sequential": {"sequential": True},
    "universal insert, trigger 4": {"universal": True},
    "universal overwrite, trigger 4": {"universal": True, "keys": MILLION},
    "universal overwrite, trigger 8": {"universal": True, "keys": MILLION, "trigger": 8},
}


def splitmix64(x):
    """The first number of SplitMix64 seeded with `x`."""
    mask = 2**64 - 1
    z = (x + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


def number(seed, i, keys=0, sequential=False):
    """The number of the key that put `i` has: `keys.rs`."""
    base = seed << 56
    if sequential:
        return i
    return splitmix64(base + (splitmix64(base + 2**55 + i) % keys if keys else i))


def open_database(path, dynamic=True, multiplier=10.0, universal=False, trigger=4, pri=None):
    """A new database; what is not set here is at RocksDB's defaults."""
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_compression_type(DBCompressionType.none())
    options.set_write_buffer_size(1 << 20)
    options.set_target_file_size_base(1 << 20)
    options.set_max_bytes_for_level_base(4 << 20)
    options.set_max_bytes_for_level_multiplier(multiplier)
    options.set_level_compaction_dynamic_level_bytes(dynamic)
    options.set_num_levels(LEVELS)
    options.set_max_background_jobs(2)
    options.set_level_zero_file_num_compaction_trigger(trigger)
    options.set_level_zero_slowdown_writes_trigger(20)
    options.set_level_zero_stop_writes_trigger(36)
    if universal:
        options.set_compaction_style(DBCompactionStyle.universal())
    database = Rdict(path, options)
    if pri:
        # There is no setter for it: the file of options is changed, and read again.
        database.close()
        file = max(glob.glob(f"{path}/OPTIONS-*"), key=lambda name: int(name.split("-")[-1]))
        with open(file, encoding="utf8") as opened:
            text, count = re.subn(r"compaction_pri=\w+", f"compaction_pri={pri}", opened.read())
        assert count == 1, file
        with open(file, "w", encoding="utf8") as opened:
            opened.write(text)
        options, families = Options.load_latest(path)
        database = Rdict(path, options, column_families=families)
    without_wal = WriteOptions()
    without_wal.disable_wal = True
    database.set_write_options(without_wal)
    return database


def wait(database, universal):
    """Until nothing runs and nothing is due."""
    began, calm = time.monotonic(), 0
    while calm < 2:
        busy = any(database.property_int_value(f"rocksdb.num-running-{jobs}") for jobs in ("flushes", "compactions"))
        # Of universal compaction, `compaction-pending` is 1 even where nothing is due.
        if database.property_int_value("rocksdb.compaction-pending"):
            busy = busy or not universal or time.monotonic() - began < 0.05
        calm = 0 if busy else calm + 1
        if busy:
            time.sleep(0.001)


def written(path):
    """From its log: the number of the first table, and the bytes of tables that were flushed and compacted."""
    flushes, tables = set(), []
    for file in glob.glob(f"{path}/LOG*"):
        for line in open(file, encoding="utf8", errors="replace"):
            if "EVENT_LOG_v1" not in line:
                continue
            event = json.loads(line.split("EVENT_LOG_v1 ")[1])
            if event["event"] == "flush_started":
                flushes.add(event["job"])
            if event["event"] == "table_file_creation" and event["file_size"] > 0:
                tables.append((event["file_number"], event["job"] in flushes, event["file_size"]))
    flushed = sum(size for _, flush, size in tables if flush)
    return min(tables)[0], flushed, sum(size for _, _, size in tables) - flushed


def run(name, seed, path, keys=0, sequential=False, universal=False, **options):
    """One experiment, as a line of `measured.jsonl`."""
    database = open_database(path, universal=universal, **options)
    batch, distinct, sizes = WriteBatch(raw_mode=True), set(), []
    for i in range(PUTS):
        key = number(seed, i, keys, sequential)
        if keys:
            distinct.add(key)
        batch.put(b"%016x" % key, VALUE)
        if (i + 1) % FLUSH_EVERY == 0 or i + 1 == PUTS:
            database.write(batch)
            batch = WriteBatch(raw_mode=True)
            database.flush()
            wait(database, universal)
            tables = database.live_files()
            sizes.append([sum(t["size"] for t in tables if t["level"] == level) for level in range(LEVELS)])
    database.close()
    first, flushed, compacted = written(path)
    last, levels = sizes[-LAST_FLUSHES:], []
    for level in range(LEVELS):
        here = [t for t in tables if t["level"] == level]
        mean = (sum(at[level] for at in last) + len(last) // 2) // len(last)
        if mean:
            levels.append([level, len(here), sum(t["num_entries"] for t in here), sizes[-1][level], mean])
    line = {"experiment": name, "seed": seed, "first_table": first, "distinct_keys": len(distinct) or PUTS}
    return {**line, "flushed": flushed, "compacted": compacted, "levels": levels}


if __name__ == "__main__":
    for each in sys.argv[1:]:
        for title, settings in EXPERIMENTS.items():
            with tempfile.TemporaryDirectory() as directory:
                result = run(title, int(each), f"{directory}/database", **settings)
                print(json.dumps(result, ensure_ascii=False), flush=True)
