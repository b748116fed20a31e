"""`nngrade schema`."""

from __future__ import annotations

import json

from click.testing import CliRunner

from nngrade.commands.main import main


def test_the_schema_is_printed():
    done = CliRunner().invoke(main, ["schema"])
    assert json.loads(done.output)["title"] == "nngrade results, version 2"
