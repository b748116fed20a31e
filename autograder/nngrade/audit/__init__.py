"""Test the tests: every wrong answer must lose points, and no right answer may."""
