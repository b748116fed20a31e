"""nbgrader's view of this course: run nbgrader and JupyterLab in this folder.

`nngrade build` writes the notebooks with solutions to build/source/, where nothing else lies that
nbgrader could copy into a release, and the students' version to assignments/.
"""

from nngrade.naming import CODE_STUB

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "nngrade"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "assignments"
c.ClearSolutions.code_stub = {"python": CODE_STUB}
