"""How fast and how large: `python -m tests.benchmarks` measures, one process per job."""
