"""Grade many submissions: in processes of this machine, or on the workers of a Dask cluster.

`settings` is what every grading process is told, `versions` what its results depend on.
"""
