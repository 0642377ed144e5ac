#!/usr/bin/env bash
# Resolve pyproject.toml into requirements.lock (everything, for work on the code) and into one file per image.
# The files of the images are cut from the first: same versions, only what the service imports. The tool of make release and what
# builds packages in the images have files of their own, and so have the packages that make bench-peers measures beside.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.9.18
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check "uv==$UV_VERSION"

compile() {
  "$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@"
}

compile pyproject.toml --extra dev ${UPGRADE:+--upgrade} --output-file requirements.lock
for service in registration application document review notification gateway; do
  # Services with a journal can have its seals time-stamped; the gateway has none.
  extras=(--extra "$service")
  [ "$service" = gateway ] || extras+=(--extra seal)
  compile pyproject.toml "${extras[@]}" --constraint requirements.lock --output-file "deploy/docker/requirements-$service.lock"
done
compile tests/peers/requirements.in --constraint requirements.lock ${UPGRADE:+--upgrade} --output-file tests/peers/requirements.lock
compile deploy/docker/requirements-build.in ${UPGRADE:+--upgrade} --output-file deploy/docker/requirements-build.lock
compile deploy/release/requirements.in ${UPGRADE:+--upgrade} --output-file deploy/release/requirements.lock
