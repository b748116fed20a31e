"""Diagnosis of failed checks without the catalogue of mistakes; safe to give to students.

`relations` compares returned values with expected ones, and `exceptions` explains exceptions in
plain words. The room imports the ground and the worker only.
"""
