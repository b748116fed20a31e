"""Grading on Gradescope: `package` makes the zip to upload, `run` grades on Gradescope's machine.

Source: Gradescope's autograder documentation (gradescope-autograders.readthedocs.io). The zip is
unpacked into /autograder/source, and setup.sh builds the image, once. For each submission, a fresh
container of this image runs run_autograder as root; Gradescope then shows the contents of
/autograder/results/results.json.
"""
