"""The former home of what nbgrader loads: instructors' own nbgrader_config.py names it."""
