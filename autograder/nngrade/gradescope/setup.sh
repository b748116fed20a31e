#!/usr/bin/env bash
# Gradescope runs this as root, once, to make the image in which submissions are graded.
# Elsewhere AUTOGRADER_ROOT stands for /autograder, and NNGRADE_HOME for /opt/nngrade.
set -euo pipefail
source_dir=${AUTOGRADER_ROOT:-/autograder}/source
home=${NNGRADE_HOME:-/opt/nngrade}
version=$(cat "$source_dir/python-version")

# Student code runs as nobody: it may read Python and libraries, and nothing of the course.
umask 022
chmod -R go= "$source_dir"
mkdir -p "$home/cache"

if [ ! -x "$home/venv/bin/python" ]; then
  if "python$version" -c 'import ensurepip' 2>/dev/null; then
    "python$version" -m venv "$home/venv"
  else
    # Ubuntu 22.04 has Python 3.10. uv fetches the version that the course was tried with.
    export DEBIAN_FRONTEND=noninteractive UV_PYTHON_INSTALL_DIR=$home/python
    apt-get update -q
    apt-get install -qy --no-install-recommends ca-certificates python3-venv
    python3 -m venv "$home/uv"
    "$home/uv/bin/pip" install --quiet --disable-pip-version-check uv
    "$home/uv/bin/uv" venv --quiet --seed --python "$version" "$home/venv"
  fi
fi

install=("$home/venv/bin/python" -m pip install --quiet --disable-pip-version-check)
"${install[@]}" --requirement "$source_dir/requirements.txt"
"${install[@]}" --no-deps --force-reinstall "$source_dir"/nngrade-*.whl

"$home/venv/bin/python" -m nngrade --version
