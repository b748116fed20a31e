"""The former home of `nngrade.formats.score`: copies of the pipelines name it."""
