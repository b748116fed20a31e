# The grader without a course. Nothing of solutions/ is in the image: a course is mounted, read-only,
# when it runs (docs/docker.md).
ARG PYTHON=3.11.14-slim-bookworm

FROM python:${PYTHON} AS build
ENV VIRTUAL_ENV=/opt/nngrade
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY autograder/nngrade autograder/nngrade
COPY datasets/nndata datasets/nndata
# With matplotlib's list of fonts, which takes long to make and which nobody can write later.
RUN python -m venv --without-pip "$VIRTUAL_ENV" \
    && python -m pip --python "$VIRTUAL_ENV/bin/python" install --no-cache-dir . \
    && mkdir -p "$VIRTUAL_ENV/cache/nngrade/matplotlib" \
    && MPLCONFIGDIR="$VIRTUAL_ENV/cache/nngrade/matplotlib" \
       "$VIRTUAL_ENV/bin/python" -c "import matplotlib.font_manager"

FROM python:${PYTHON}
COPY --from=build /opt/nngrade /opt/nngrade
# What is written at all goes to /tmp: the root may be read-only, and the user's id any.
ENV PATH=/opt/nngrade/bin:$PATH \
    XDG_CACHE_HOME=/opt/nngrade/cache \
    HOME=/tmp \
    NNDATA_HOME=/data \
    NNGRADE_COURSE=/course \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /course
USER 10001:10001
ENTRYPOINT ["nngrade"]
CMD ["--help"]
