"""Reproducible random numbers that no student can predict.

Each check draws its inputs from a generator seeded with HMAC-SHA-256(course secret; student,
stage, check): the same submission gets the same grade every time, and two students get different
inputs. The secret is a file beside the solutions, made on first use, or an environment variable.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import TYPE_CHECKING

from nngrade.errors import CourseError

if TYPE_CHECKING:
    import numpy as np

    from nngrade.course.stages import Course

__all__ = ["SECRET_FILE", "SECRET_VARIABLE", "course_secret", "generator", "seed"]

SECRET_FILE = ".course-secret"
SECRET_VARIABLE = "NNGRADE_SECRET"
SHORTEST = 16


def course_secret(course: Course) -> bytes:
    """Secret of the course, from the environment variable or else from the file.

    A missing file is created with a random secret.

    Raises
    ------
    CourseError
        If the file cannot be read or created, or if the secret is too short.
    """
    from_environment = os.environ.get(SECRET_VARIABLE)
    if from_environment is not None:
        return _long_enough(from_environment.strip().encode(), f"the variable {SECRET_VARIABLE}")
    path = course.solutions / SECRET_FILE
    try:
        # A complete draft is linked into place: if two graders start at once, one link succeeds
        # and both read the same secret.
        if not path.exists():
            draft = path.with_name(f"{SECRET_FILE}.{os.getpid()}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32) + "\n")
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return _long_enough(path.read_bytes().strip(), str(path))
    except OSError as error:
        raise CourseError(
            f"the course secret {path} can be neither read nor made ({error.strerror}); "
            f"make the folder writable once, or set {SECRET_VARIABLE}"
        ) from error


def _long_enough(secret: bytes, where: str) -> bytes:
    if len(secret) < SHORTEST:
        raise CourseError(
            f"the course secret in {where} has {len(secret)} characters; it needs at least "
            f"{SHORTEST}. Delete it to have one made, or write a longer one."
        )
    return secret


def seed(secret: bytes, *names: str) -> int:
    """Derive a 256-bit seed from the secret and names, for example student, stage and check."""
    # Each name is preceded by its length, so that ("ab", "c") and ("a", "bc") differ.
    message = b"".join(
        len(part).to_bytes(4, "big") + part
        for part in (name.encode("utf-8", "surrogatepass") for name in names)
    )
    return int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest(), "big")


def generator(secret: bytes, *names: str) -> np.random.Generator:
    """Return a generator seeded with `seed`.

    The bit generator is PCG64 by name, so a change of NumPy's default changes no inputs.
    """
    import numpy as np

    return np.random.Generator(np.random.PCG64(seed(secret, *names)))
