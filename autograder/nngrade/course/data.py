"""The image data of a run: chosen once, loaded only when a check asks for it."""

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
        With "auto", MNIST where it is to be had on this machine, else the bundled digits.
    """

    def __init__(self, choice: DataChoice = "auto") -> None:
        self._choice = choice

    @cached_property
    def images(self) -> ImageData:
        """The images, loaded on first use.

        Raises
        ------
        CourseError
            Where MNIST was asked for and is not there, or not sound.
        """
        import nndata

        # "auto" never downloads: a grader that was asked for MNIST must not fetch it unasked.
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
            # Shared by all checks of a run: one that wrote to it would change other grades.
            array.flags.writeable = False
        return images

    @property
    def size_mib(self) -> int:
        """The room that the images take, in MiB, rounded up."""
        images = self.images
        arrays = (images.X_train, images.y_train, images.X_test, images.y_test)
        return 1 + sum(array.nbytes for array in arrays) // 2**20
