"""Image data of a run: chosen once, loaded when the first check needs it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from nngrade.errors import CourseError

if TYPE_CHECKING:
    from nndata import ImageData

__all__ = ["Data", "DataChoice"]

DataChoice = Literal["auto", "mnist", "digits"]


class Data:
    """The images that accuracy checks use.

    Parameters
    ----------
    choice : {"auto", "mnist", "digits"}
        The data set; "auto" is MNIST if it is on this machine, else the bundled digits.
    """

    def __init__(self, choice: DataChoice = "auto") -> None:
        self._choice = choice

    @cached_property
    def images(self) -> ImageData:
        """The images, loaded on first use.

        Raises
        ------
        CourseError
            If MNIST was requested and is missing or damaged.
        """
        import nndata

        # "auto" never downloads: grading must not fetch MNIST unless the user says so.
        try:
            images = nndata.load_images("digits" if self._choice == "digits" else "auto")
        except nndata.DataError as error:
            raise CourseError(str(error)) from error
        if self._choice == "mnist" and images.name != "mnist":
            raise CourseError(
                "there is no sound MNIST on this machine (`nngrade data status` says what there "
                "is); run `nngrade data fetch mnist`, set NNDATA_HOME to a folder that has it, or "
                "grade with --data digits"
            )
        for array in (images.X_train, images.y_train, images.X_test, images.y_test):
            # All checks of a run share the arrays: a check that wrote to one would change other
            # grades.
            array.flags.writeable = False
        return images

    @property
    def size_mib(self) -> int:
        """Memory size of the images in MiB, rounded up."""
        images = self.images
        arrays = (images.X_train, images.y_train, images.X_test, images.y_test)
        return 1 + sum(array.nbytes for array in arrays) // 2**20
