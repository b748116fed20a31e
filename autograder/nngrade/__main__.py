"""``python -m nngrade``."""

from nngrade.cli import main

main(prog_name="nngrade")
