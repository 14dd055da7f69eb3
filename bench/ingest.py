"""Seconds that pandas, Polars and DuckDB take to read a CSV into memory, on one core: python ingest.py FILE ROUNDS."""
import json
import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "1"
import duckdb
import pandas
import polars

file, rounds = sys.argv[1], int(sys.argv[2])
duckdb.sql("set threads = 1")


def with_duckdb():
    duckdb.sql(f"select * from read_csv('{file}', nullstr = 'NA')").fetchnumpy()


readers = {
    f"pandas {pandas.__version__}": lambda: pandas.read_csv(file),
    f"Polars {polars.__version__}": lambda: polars.read_csv(file, null_values="NA", infer_schema_length=10000),
    f"DuckDB {duckdb.__version__}": with_duckdb,
}
best = {}
for name, read in readers.items():
    for _ in range(rounds):
        begun = time.perf_counter()
        read()
        taken = time.perf_counter() - begun
        best[name] = min(taken, best.get(name, taken))
print(json.dumps(best))
