"""Reasons that can be told without the catalogue of mistakes: this room may go to students.

`relations` compares what is returned with what should be, `exceptions` puts exceptions into plain
words. It imports the ground and the worker's records of calls, and nothing else of the engine.
"""
