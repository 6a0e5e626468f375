"""Runs Drain3 (pip install drain3) on the lines of a JSON file: {"systems": {name: [line, ...]}, "speed": [line, ...]}.

Prints JSON: the cluster of each line of each system, and the lines per second of processor time over the speed lines. The masks and
settings are those of Drain3's example configuration, examples/drain3.ini of its repository (MIT).
"""
import json
import sys
import time

from drain3 import TemplateMiner
from drain3.template_miner_config import TemplateMinerConfig

try:
    from drain3.masking import MaskingInstruction
except ImportError:  # before 0.9.2
    from drain3.template_miner_config import MaskingInstruction

EDGE_BEFORE, EDGE_AFTER = r"((?<=[^A-Za-z0-9])|^)", r"((?=[^A-Za-z0-9])|$)"
MASKS = [
    (EDGE_BEFORE + r"(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))" + EDGE_AFTER, "ID"),
    (EDGE_BEFORE + r"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})" + EDGE_AFTER, "IP"),
    (EDGE_BEFORE + r"([0-9a-f]{6,} ?){3,}" + EDGE_AFTER, "SEQ"),
    (EDGE_BEFORE + r"([0-9A-F]{4} ?){4,}" + EDGE_AFTER, "SEQ"),
    (EDGE_BEFORE + r"(0x[a-f0-9A-F]+)" + EDGE_AFTER, "HEX"),
    (EDGE_BEFORE + r"([\-\+]?\d+)" + EDGE_AFTER, "NUM"),
]


def miner():
    config = TemplateMinerConfig()
    config.drain_sim_th = 0.4
    config.drain_depth = 4
    config.drain_max_children = 100
    config.drain_max_clusters = 1024
    config.drain_extra_delimiters = ["_"]
    config.mask_prefix, config.mask_suffix = "<:", ":>"
    config.masking_instructions = [MaskingInstruction(pattern, name) for pattern, name in MASKS]
    config.profiling_enabled = False
    return TemplateMiner(None, config)


def clusters(lines):
    one = miner()
    return [str(one.add_log_message(line)["cluster_id"]) for line in lines]


def speed(lines):
    one = miner()
    started = time.process_time()
    for line in lines:
        one.add_log_message(line)
    return len(lines) / (time.process_time() - started)


with open(sys.argv[1], encoding="utf-8") as file:
    asked = json.load(file)
print(json.dumps({
    "systems": {name: clusters(lines) for name, lines in asked["systems"].items()},
    "linesPerSecond": speed(asked["speed"]),
}))
