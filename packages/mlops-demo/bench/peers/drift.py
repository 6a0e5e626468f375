"""Evidently's DataDriftPreset, all defaults, on the columns of bench/peers/watched-columns.ts."""
import json
import sys

import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

from answer import peak_megabytes, resident_megabytes, serve, timed

folder = sys.argv[1] if len(sys.argv) > 1 else "."


def frame(side):
    """Numbers row by row, categories in any order: a drift test looks at one column at a time."""
    with open(f"{folder}/{side}.json") as described:
        description = json.load(described)
    numbers = np.load(f"{folder}/{side}.npy").astype(np.float64)
    columns = dict(zip(description["numbers"], numbers))
    for name, counts in description["categories"].items():
        columns[name] = np.repeat(np.array(list(counts), object), list(counts.values()))
    return pd.DataFrame(columns), description


def compare(reference, today):
    (before, description), (now, _) = frame(reference), frame(today)
    definition = DataDefinition(
        numerical_columns=description["numbers"], categorical_columns=list(description["categories"])
    )
    sides = [Dataset.from_pandas(side, data_definition=definition) for side in (now, before)]
    held = resident_megabytes()
    took, snapshot = timed(lambda: Report([DataDriftPreset()]).run(*sides))
    found = []
    for metric in snapshot.dict()["metrics"]:
        config = metric["config"]
        if not config["type"].endswith(":ValueDrift"):
            continue
        value, is_p = float(metric["value"]), "p_value" in config["method"]
        drifted = value < config["threshold"] if is_p else value >= config["threshold"]
        found.append({"column": config["column"], "test": config["method"], "value": value, "drifted": bool(drifted)})
    return {**took, "heldMegabytes": held, "peakMegabytes": peak_megabytes(), "columns": found}


serve({"compare": compare})
