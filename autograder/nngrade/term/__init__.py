"""A term with nbgrader: what its gradebook, its autograded notebooks and its feedback hold."""
