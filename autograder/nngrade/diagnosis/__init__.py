"""Why a check failed: what a student's function does, against mistakes that are known."""
