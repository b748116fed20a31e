"""How fast the references learn MNIST, beside scikit-learn and PyTorch doing the same work.

    NNDATA_HOME=... python tests/benchmarks/training.py [--rounds R] [--data mnist|digits]

Stage 2: one pass of the multi-class perceptron over all training images; scikit-learn's
`Perceptron` makes one pass of ten one-against-all perceptrons. Stage 7: a network with 128 hidden
units, 8 epochs of mini-batches of 32 at a learning rate of 0.1; `MLPClassifier` and PyTorch get the
same sizes, epochs and plain SGD. One BLAS thread each; what counts are the ratios.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
import warnings
from collections.abc import Callable

for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

import numpy as np
from sklearn.linear_model import Perceptron
from sklearn.neural_network import MLPClassifier

from nndata import ImageData, load_images
from nngrade.course.stages import find_course

HIDDEN, EPOCHS, BATCH, RATE = 128, 8, 32, 0.1


def pass_of_stage_2(images: ImageData, seed: int) -> float:
    reference = find_course().stage("stage02").reference
    order = np.random.default_rng(seed).permutation(len(images.y_train))
    W, b, _ = reference.fit(images.X_train[order], images.y_train[order], 10, 1)
    return float(np.mean(reference.predict(W, b, images.X_test) == images.y_test))


def pass_of_scikit_learn(images: ImageData, seed: int) -> float:
    model = Perceptron(max_iter=1, tol=None, random_state=seed)
    return float(model.fit(images.X_train, images.y_train).score(images.X_test, images.y_test))


def network_of_stage_7(images: ImageData, seed: int) -> float:
    reference = find_course().stage("stage07").reference
    rng = np.random.default_rng(seed)
    params, _ = reference.train(images.X_train, images.y_train, [HIDDEN], EPOCHS, BATCH, RATE, rng)
    return float(np.mean(reference.predict(params, images.X_test) == images.y_test))


def network_of_scikit_learn(images: ImageData, seed: int) -> float:
    model = MLPClassifier(
        (HIDDEN,), solver="sgd", alpha=0, batch_size=BATCH, learning_rate_init=RATE,
        max_iter=EPOCHS, momentum=0, tol=0, n_iter_no_change=EPOCHS + 1, random_state=seed,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has not converged, and need not
        model.fit(images.X_train, images.y_train)
    return float(model.score(images.X_test, images.y_test))


def network_of_pytorch(images: ImageData, seed: int) -> float:
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    X, y = torch.tensor(images.X_train), torch.tensor(images.y_train)
    n = X.shape[1]
    model = torch.nn.Sequential(
        torch.nn.Linear(n, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, 10)
    ).double()
    optimiser = torch.optim.SGD(model.parameters(), RATE)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(y)).split(BATCH):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(model(X[batch]), y[batch]).backward()
            optimiser.step()
    with torch.no_grad():
        predicted = model(torch.tensor(images.X_test)).argmax(1).numpy()
    return float(np.mean(predicted == images.y_test))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", default="mnist")
    options = parser.parse_args()
    images = load_images(options.data)
    contests: dict[str, list[tuple[str, Callable[[ImageData, int], float]]]] = {
        "multi-class perceptron, one pass": [
            ("stage 2", pass_of_stage_2),
            ("scikit-learn", pass_of_scikit_learn),
        ],
        f"network, {EPOCHS} epochs": [
            ("stage 7", network_of_stage_7),
            ("scikit-learn", network_of_scikit_learn),
        ],
    }
    try:
        import torch  # noqa: F401
    except ImportError:
        print("PyTorch is not installed here and is left out.\n")
    else:
        contests[f"network, {EPOCHS} epochs"].append(("PyTorch", network_of_pytorch))
    print(
        f"{images.name}, {options.rounds} rounds; {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}\n"
    )
    print("| work | who | median, s | test accuracy | time / ours |\n|---|---|--:|--:|--:|")
    for work, contestants in contests.items():
        times: dict[str, list[float]] = {}
        accuracies: dict[str, list[float]] = {}
        for seed in range(options.rounds):
            for who, train in contestants:
                started = time.perf_counter()
                accuracies.setdefault(who, []).append(train(images, seed))
                times.setdefault(who, []).append(time.perf_counter() - started)
        ours = times[contestants[0][0]]
        for who, seconds in times.items():
            ratio = statistics.median(b / a for a, b in zip(ours, seconds, strict=True))
            print(
                f"| {work} | {who} | {statistics.median(seconds):.2f} "
                f"| {statistics.median(accuracies[who]):.3f} | {ratio:.2f} |"
            )


if __name__ == "__main__":
    main()
