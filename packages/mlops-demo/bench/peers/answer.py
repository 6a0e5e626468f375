"""The peers' side of bench/peers/peer.ts: one JSON question a line comes in, one JSON answer a line goes out."""
import json
import os
import resource
import sys
import time


def serve(answers):
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(answers[question.pop("what")](**question)), flush=True)


def timed(work):
    """Seconds on the clock and on all cores, and what came of it."""
    clock, cpu = time.perf_counter(), time.process_time()
    result = work()
    return {"seconds": time.perf_counter() - clock, "cpuSeconds": time.process_time() - cpu}, result


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident_megabytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
