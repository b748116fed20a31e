"""Submissions as a learning management system hands them out: names, archives, students."""
