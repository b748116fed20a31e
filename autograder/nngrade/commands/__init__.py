"""The command line: a module for each command, with its options.

What only one command takes is imported inside it, so that none waits for what it does not use.
"""
