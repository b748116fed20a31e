"""The command line: one module per command, with its options.

Modules that only one command needs are imported inside it, which keeps the start of others fast.
"""
