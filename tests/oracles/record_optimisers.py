"""Record how PyTorch's optimisers walk, as an oracle for the course's own.

    python tests/oracles/record_optimisers.py

writes ``optimisers.json`` beside this file. It needs PyTorch (the numbers were made with the
release that the file names); the tests that read the numbers do not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

N_STEPS = 50
START = [1.5, -2.0, 0.3]

# One walk each: the course's step, its options, PyTorch's optimiser and the same options there.
WALKS: dict[str, dict[str, Any]] = {
    "sgd": {"step": "sgd_step", "optimiser": "SGD", "learning_rate": 0.02},
    "momentum": {
        "step": "momentum_step",
        "optimiser": "SGD",
        "learning_rate": 0.01,
        "torch_options": {"momentum": 0.9},
    },
    "momentum 0.5": {
        "step": "momentum_step",
        "optimiser": "SGD",
        "learning_rate": 0.02,
        "options": {"momentum": 0.5},
        "torch_options": {"momentum": 0.5},
    },
    "nesterov": {
        "step": "nesterov_step",
        "optimiser": "SGD",
        "learning_rate": 0.01,
        "torch_options": {"momentum": 0.9, "nesterov": True},
    },
    "nesterov 0.5": {
        "step": "nesterov_step",
        "optimiser": "SGD",
        "learning_rate": 0.02,
        "options": {"momentum": 0.5},
        "torch_options": {"momentum": 0.5, "nesterov": True},
    },
    "adagrad": {"step": "adagrad_step", "optimiser": "Adagrad", "learning_rate": 0.3},
    "adagrad with a large eps": {
        "step": "adagrad_step",
        "optimiser": "Adagrad",
        "learning_rate": 0.3,
        "options": {"eps": 0.5},
        "torch_options": {"eps": 0.5},
    },
    "rmsprop": {"step": "rmsprop_step", "optimiser": "RMSprop", "learning_rate": 0.02},
    "rmsprop with a large eps": {
        "step": "rmsprop_step",
        "optimiser": "RMSprop",
        "learning_rate": 0.05,
        "options": {"alpha": 0.8, "eps": 0.5},
        "torch_options": {"alpha": 0.8, "eps": 0.5},
    },
    "adam": {"step": "adam_step", "optimiser": "Adam", "learning_rate": 0.1},
    "adam with other betas": {
        "step": "adam_step",
        "optimiser": "Adam",
        "learning_rate": 0.1,
        "options": {"beta1": 0.5, "beta2": 0.8, "eps": 0.5},
        "torch_options": {"betas": [0.5, 0.8], "eps": 0.5},
    },
    "adamw": {"step": "adamw_step", "optimiser": "AdamW", "learning_rate": 0.1},
    "adamw with a strong decay": {
        "step": "adamw_step",
        "optimiser": "AdamW",
        "learning_rate": 0.1,
        "options": {"beta1": 0.8, "beta2": 0.9, "eps": 0.1, "weight_decay": 0.7},
        "torch_options": {"betas": [0.8, 0.9], "eps": 0.1, "weight_decay": 0.7},
    },
}


def gradient(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gradient of a bent and badly scaled bowl, written out: the same for both sides.

    J(x, y, z) = (y - x²)² + x²/2 + 10 (z - 0.1)² + cos(x z), entries of 0.1 to 30 on the way.
    """
    x, y, z = theta
    bend, wave = y - x * x, np.sin(x * z)
    return np.array([-4 * x * bend + x - z * wave, 2 * bend, 20 * (z - 0.1) - x * wave])


def torch_walk(walk: dict[str, Any], n_steps: int = N_STEPS) -> list[list[float]]:
    """The points after each step of PyTorch's optimiser, in float64."""
    import torch

    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    options = dict(walk.get("torch_options", {}))
    if "betas" in options:
        options["betas"] = tuple(options["betas"])
    optimiser = getattr(torch.optim, walk["optimiser"])(
        [theta], lr=walk["learning_rate"], **options
    )
    path = []
    for _ in range(n_steps):
        theta.grad = torch.from_numpy(gradient(theta.detach().numpy()))
        optimiser.step()
        path.append(theta.detach().tolist())
    return path


def main() -> None:
    """Write the file."""
    import torch

    record = {
        "made_by": "tests/oracles/record_optimisers.py",
        "torch": torch.__version__,
        "start": START,
        "walks": {name: {**walk, "path": torch_walk(walk)} for name, walk in WALKS.items()},
    }
    text = json.dumps(record, indent=1)
    # One point per line: short enough to read a difference.
    for _ in range(2):
        text = text.replace("[\n     ", "[").replace(",\n     ", ", ").replace("\n    ]", "]")
    Path(__file__).with_name("optimisers.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
