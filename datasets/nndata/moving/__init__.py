"""Pictures that move: one function draws a picture, and sliders choose which.

Where somebody sits at a notebook and ipywidgets is installed, `move` shows sliders and menus, and
draws another picture at each move. The frames stand there in any case, side by side: for GitHub,
for nbconvert, and for a notebook that is opened again before it has run.

The other modules of this package are the moving pictures of the lessons.
"""

from nndata.moving.controls import move

__all__ = ["move"]
