"""scikit-learn on the rows of `mlops run`: a network of the same shape, a logistic regression, boosted trees; and the served network itself."""
import sys
import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from answer import serve, timed

folder = sys.argv[1] if len(sys.argv) > 1 else "."


def load(name):
    return np.load(f"{folder}/{name}.npy")


def clipped():
    """What model.ts does to a row before the network sees it."""
    return [StandardScaler(), FunctionTransformer(np.clip, kw_args={"a_min": -8, "a_max": 8})]


def network(layers, rate, batch, epochs, seed):
    return MLPClassifier(
        hidden_layer_sizes=layers, learning_rate_init=rate, batch_size=batch, max_iter=epochs,
        random_state=seed, alpha=0, n_iter_no_change=epochs + 1,
    )


def learn(model, layers, rate, batch, epochs, seed):
    rows, labels, test, truth = (load(name) for name in ("rows", "labels", "testRows", "testLabels"))
    learner = {
        "network": lambda: make_pipeline(*clipped(), network(layers, rate, batch, epochs, seed)),
        "logistic": lambda: make_pipeline(*clipped(), LogisticRegression(C=1, max_iter=1000)),
        "trees": lambda: HistGradientBoostingClassifier(random_state=seed),
    }[model]()
    took, _ = timed(lambda: learner.fit(rows, labels))
    risks = learner.predict_proba(test)[:, 1]
    return {**took, "auc": roc_auc_score(truth, risks), "logLoss": log_loss(truth, risks)}


served = {}


def adopt(layers, means, deviations):
    """Puts our weights into scikit-learn's network: `layers` is [inputs, units] of each, kernel and bias lie in layerN*.npy."""
    rows = load("rows")[:64]
    pipeline = make_pipeline(*clipped(), network([units for _, units in layers[:-1]], 0.001, 32, 1, 1))
    pipeline.fit(rows, np.arange(len(rows)) % 2)
    scaler, perceptron = pipeline[0], pipeline[-1]
    scaler.mean_, scaler.scale_ = np.array(means), np.array(deviations)
    perceptron.coefs_ = [load(f"layer{at}kernel").reshape(shape) for at, shape in enumerate(layers)]
    perceptron.intercepts_ = [load(f"layer{at}bias") for at in range(len(layers))]
    mean, scale = (np.array(values, np.float32) for values in (means, deviations))

    def by_hand(rows):
        values = np.clip((rows - mean) / scale, -8, 8)
        for at, (kernel, bias) in enumerate(zip(perceptron.coefs_, perceptron.intercepts_)):
            values = values @ kernel + bias
            if at < len(layers) - 1:
                values = np.maximum(values, 0)
        return 1 / (1 + np.exp(-values[:, 0]))

    served["scikit-learn"] = lambda rows: pipeline.predict_proba(rows)[:, 1]
    served["numpy"] = by_hand
    return {name: [float(risk) for risk in score(load("testRows")[:1000])] for name, score in served.items()}


def score(by, count, milliseconds):
    """Microseconds a row, in passes of `count` rows, for so long."""
    rows, passes, took = load("testRows")[:count], 0, 0.0
    started = time.perf_counter()
    while took < milliseconds / 1000:
        served[by](rows)
        passes += 1
        took = time.perf_counter() - started
    return took * 1e6 / (passes * count)


serve({"learn": learn, "adopt": adopt, "score": score})
