"""Grading many submissions, in local processes or on the workers of a Dask cluster.

`settings` holds the settings of every grading process, `versions` the digests of everything that
its results depend on.
"""
