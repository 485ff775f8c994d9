"""Runs commands one after the other and says, as JSON, how long they took together and the peak memory
of the hungriest: {"seconds": …, "cpuSeconds": …, "bytes": …}. The commands come on stdin: [["kubectl", "get", …], …]

Python, because Node can't be told a child's peak memory. One process of ours for each measurement: the
kernel counts a child's memory from its start as a copy of us, so we stay small."""
import json
import os
import sys
import time

# Linux counts in KiB, macOS in bytes.
UNIT = 1 if sys.platform == "darwin" else 1024

quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
peak = 0
cpu = 0.0
began = time.perf_counter()
for command in json.load(sys.stdin):
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}: exit code {os.waitstatus_to_exitcode(status)}")
    cpu += usage.ru_utime + usage.ru_stime
    peak = max(peak, usage.ru_maxrss * UNIT)
seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "bytes": peak}))
