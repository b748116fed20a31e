# The grader without a course. Nothing of solutions/ is in the image: a course is mounted, read-only,
# when it runs (docs/docker.md).
ARG PYTHON=3.11.14-slim-bookworm

FROM python:${PYTHON} AS build
ENV VIRTUAL_ENV=/opt/nngrade
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY autograder/constraints.txt autograder/
COPY autograder/nngrade autograder/nngrade
COPY datasets/nndata datasets/nndata
# The core, in the versions that it was tried with, of what builds it, too.
ENV PIP_CONSTRAINT=autograder/constraints.txt \
    PIP_BUILD_CONSTRAINT=autograder/constraints.txt
RUN python -m venv --without-pip "$VIRTUAL_ENV" \
    && python -m pip --python "$VIRTUAL_ENV/bin/python" install --no-cache-dir .

FROM python:${PYTHON}
COPY --from=build /opt/nngrade /opt/nngrade
# What is written at all goes to /tmp: the root may be read-only, and the user's id any.
ENV PATH=/opt/nngrade/bin:$PATH \
    HOME=/tmp \
    NNDATA_HOME=/data \
    NNGRADE_COURSE=/course \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /course
USER 10001:10001
ENTRYPOINT ["nngrade"]
CMD ["--help"]
