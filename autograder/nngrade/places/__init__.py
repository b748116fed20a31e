"""Places that grade with nngrade: what is handed to them, and what runs there."""
