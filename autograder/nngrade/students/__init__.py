"""Students: the class list, groups that hand in together, due dates and what lateness costs."""
