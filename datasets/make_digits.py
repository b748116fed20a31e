"""Make the package's digits from scikit-learn's copy: `python datasets/make_digits.py`.

Needed once; kept so that anybody can see where the two files come from, and make them again.
"""

from __future__ import annotations

import gzip
import hashlib

import numpy as np
from sklearn.datasets import load_digits

from nndata.digits import DIGITS_FOLDER
from nndata.idx import format_idx


def main() -> None:
    """Write the two files and print the digests of their content."""
    digits = load_digits()
    for name, numbers in [("images", digits.images), ("labels", digits.target)]:
        content = format_idx(numbers.astype(np.uint8))
        path = DIGITS_FOLDER / f"digits-{name}.idx.gz"
        path.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
        print(f"{hashlib.sha256(content).hexdigest()}  {path.name}")


if __name__ == "__main__":
    main()
