"""Writes scipy-reference.json: shared cases and the values that SciPy gives for them.

    pip install scipy==1.17.1 && python3 test/monitor/scipy_reference.py > test/monitor/scipy-reference.json

SciPy has no PSI; its reference is the formula in numpy, an empty bin counting as 0.0001.
"""
import json
import numpy as np
import scipy
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.stats import distributions

rng = np.random.default_rng(20010401)
r = lambda values, digits=3: [round(float(v), digits) for v in values]
normal = lambda n, mean=0.0, sd=1.0: r(rng.normal(mean, sd, n))

samples = [
    {"name": "four and five", "a": [1, 2, 3, 4], "b": [3, 4, 5, 6, 7]},
    {"name": "one value each", "a": [1.5], "b": [2.5]},
    {"name": "the same values", "a": [3, 1, 2], "b": [1, 2, 3]},
    {"name": "all values tied", "a": [0, 0, 0, 1], "b": [0, 1, 1, 1, 1, 0]},
    {"name": "30 and 40, same law", "a": normal(30), "b": normal(40)},
    {"name": "30 and 40, shifted", "a": normal(30), "b": normal(40, 0.8)},
    {"name": "equal sizes", "a": normal(60), "b": normal(60, 0.3)},
    {"name": "coprime sizes", "a": normal(97), "b": normal(101, 0, 1.6)},
    {"name": "delays, heavy tail", "a": r(rng.exponential(20, 150) - 10, 0), "b": r(rng.exponential(26, 210) - 10, 0)},
    {"name": "400 and 500", "a": r(rng.normal(0, 1, 400), 2), "b": r(rng.normal(0.15, 1, 500), 2)},
    {"name": "far apart", "a": normal(25), "b": normal(25, 9)},
    {"name": "minus and plus", "a": [-5, -4, -3.5], "b": [10, 11.25]},
]
for case in samples:
    a, b = np.array(case["a"], float), np.array(case["b"], float)
    ks = stats.ks_2samp(a, b)
    case["ks"] = {"statistic": ks.statistic, "p": ks.pvalue}
    case["wasserstein"] = stats.wasserstein_distance(a, b)
    case["normedWasserstein"] = case["wasserstein"] / max(np.std(a), 0.001)

# Large samples are made the same way on both sides: value i is (i * step) mod modulus, plus shift.
large = [
    {"a": [12_000, 7919, 10_007, 0], "b": [15_000, 6101, 10_007, 0]},
    {"a": [12_000, 7919, 10_007, 0], "b": [15_000, 6101, 10_007, 130]},
    {"a": [20_000, 7919, 100_003, 0], "b": [1_100, 611, 100_003, 4000]},
    {"a": [20_000, 7919, 100_003, 0], "b": [16_000, 611, 100_003, 1400]},
    {"a": [20_000, 7919, 100_003, 0], "b": [16_000, 611, 100_003, 2500]},
    {"a": [10_001, 7919, 100_003, 0], "b": [10_000, 611, 100_003, 30_000]},
]
for case in large:
    made = [(np.arange(n, dtype=np.int64) * step % modulus + shift).astype(float) for n, step, modulus, shift in (case["a"], case["b"])]
    ks = stats.ks_2samp(*made)
    case["ks"] = {"statistic": ks.statistic, "p": ks.pvalue}
    case["wasserstein"] = stats.wasserstein_distance(*made)

tails = [{"n": n, "d": d, "tail": float(distributions.kstwo.sf(d, n))}
         for n in (1000, 6667, 50_000)
         for z in (0.4, 0.6, 0.9, 1.2, 1.4, 1.5, 1.8, 2.5, 4.0)
         for d in [z / n ** 0.5]]

tables = [
    {"a": [30, 50, 20], "b": [40, 40, 20]},
    {"a": [10, 20], "b": [20, 10]},
    {"a": [5, 0, 3, 0], "b": [0, 4, 3, 0]},
    {"a": [300, 0, 100], "b": [299, 5, 96]},
    {"a": [7, 7, 7], "b": [7, 7, 7]},
    {"a": [1000, 2000, 3000, 4000], "b": [1100, 1900, 3050, 3950]},
    {"a": [12, 90, 3], "b": [700, 10, 3]},
    {"a": [int(v) for v in rng.poisson(30, 60)], "b": [int(v) for v in rng.poisson(31, 60)]},
    {"a": [int(v) for v in rng.poisson(400, 229)], "b": [int(v) for v in rng.poisson(70, 229)]},
]
for case in tables:
    a, b = np.array(case["a"], float), np.array(case["b"], float)
    kept = (a + b) > 0
    chi = stats.chi2_contingency(np.array([a[kept], b[kept]]), correction=False)
    p, q = np.maximum(a / a.sum(), 0.0001), np.maximum(b / b.sum(), 0.0001)
    case["chiSquared"] = {"statistic": chi.statistic, "degreesOfFreedom": int(chi.dof), "p": chi.pvalue}
    case["jensenShannon"] = float(jensenshannon(a, b))
    case["psi"] = float(np.sum((q - p) * np.log(q / p)))

families = [[0.01, 0.04, 0.03, 0.005], [0.5], [1, 1, 1], [0.001, 0.001, 0.2, 0.9, 0.04, 0.049], r(rng.uniform(0, 1, 19), 6)]
adjusted = [{"p": p, "adjusted": stats.false_discovery_control(np.array(p, float)).tolist()} for p in families]

print(json.dumps({"scipy": scipy.__version__, "numpy": np.__version__, "samples": samples, "large": large, "tails": tails,
                  "tables": tables, "families": adjusted}, indent=1, default=float))
