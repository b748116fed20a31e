"""``python -m nngrade``."""

from nngrade.commands.main import main

main(prog_name="nngrade")
