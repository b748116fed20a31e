"""What a course's folder keeps of one student: find it, hand it over, remove it."""
