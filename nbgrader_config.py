"""nbgrader's view of this course: run nbgrader and JupyterLab in this folder.

`nngrade build` writes the notebooks with solutions to build/source/, where nothing else lies that
nbgrader could copy into a release, and the students' version to assignments/. Submissions are
graded by nngrade, outside of their notebooks; everything else is nbgrader's own.
"""

import nbgrader.preprocessors

from nngrade.authoring.build import release_steps
from nngrade.course.naming import CODE_STUB, TEXT_STUB

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "nngrade"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "assignments"
c.ClearSolutions.code_stub = {"python": CODE_STUB}
c.ClearSolutions.text_stub = TEXT_STUB
# The notebooks in assignments/ are there before the gradebook knows of them: without this,
# generate_assignment would skip them. What it writes is what `nngrade build` wrote.
c.GenerateAssignment.force = True
# All of nbgrader's steps but ClearOutput, so that the figures keep their pictures.
c.GenerateAssignment.preprocessors = release_steps()

c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nngrade.gradebook.preprocessors.RestoreCells",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "nngrade.gradebook.preprocessors.GradeInSandbox",
    # A step that nbgrader has since 0.9.4.
    *(
        ["nbgrader.preprocessors.IgnorePattern"]
        if hasattr(nbgrader.preprocessors, "IgnorePattern")
        else []
    ),
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What formgrader shows of a submission, and nobody else.
c.HTMLExporter.preprocessors = ["nngrade.gradebook.preprocessors.ShowRubrics"]

# Late submissions: by [due] and [late] in solutions/course.toml; without them nbgrader's own way,
# for example c.LateSubmissionPlugin.penalty_method = "zero", or another plugin in this place.
c.AssignLatePenalties.plugin_class = "nngrade.students.nbgrader_plugin.CourseLatePolicy"
# The gradebook, where it is not gradebook.db: c.CourseDirectory.db_url = "postgresql+psycopg2://..."
# (the driver: pip install "nngrade[postgresql]")
