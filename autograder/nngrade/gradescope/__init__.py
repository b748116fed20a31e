"""Grading on Gradescope: `package` makes the zip that is uploaded, `run` is what runs there.

Source: Gradescope's autograder documentation (gradescope-autograders.readthedocs.io). The zip is
unpacked into /autograder/source, and setup.sh makes the image, once. For each submission a fresh
container of it runs run_autograder, as root, and shows what is in /autograder/results/results.json.
"""
