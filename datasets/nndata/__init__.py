"""Data sets for a course on neural networks, and plots of them in `nndata.plots`.

``load_*`` functions load data sets (`load_digits`), ``fetch_*`` functions download published data
(`fetch_mnist`), and ``make_*`` functions draw synthetic data (`make_xor`). Examples are rows of
`X`; labels are integers in `y`.
"""

from nndata.digits import load_digits
from nndata.errors import DamagedFile, DataError, DataNotFound, DownloadFailed
from nndata.images import ImageData, load_images, load_mnist
from nndata.mnist import RawMnist, fetch_mnist, find_mnist
from nndata.splits import train_val_split
from nndata.status import DataStatus, data_status
from nndata.synthetic import make_blobs, make_moons, make_rings, make_xor

__all__ = [
    "DamagedFile",
    "DataError",
    "DataNotFound",
    "DataStatus",
    "DownloadFailed",
    "ImageData",
    "RawMnist",
    "data_status",
    "fetch_mnist",
    "find_mnist",
    "load_digits",
    "load_images",
    "load_mnist",
    "make_blobs",
    "make_moons",
    "make_rings",
    "make_xor",
    "train_val_split",
]
