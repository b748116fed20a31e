"""Tools for authors of lessons: building notebooks, filling them in, calibrating thresholds."""
