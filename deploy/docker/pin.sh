#!/bin/sh
# Writes into docker-compose.yml and the Dockerfile which image each tag is today: run it to move to a newer build of a
# tag. `--check` changes nothing and fails where a tag is no longer the image that is pinned. Needs Docker and a network.
set -eu
cd "$(dirname "$0")/../.."
files="docker-compose.yml deploy/docker/Dockerfile"
status=0
# What has no digest is built here and comes from no registry.
for image in $(grep -hoE '(image: |^FROM )[^ ]+@sha256:[0-9a-f]+' $files | sed -E 's/^(image: |FROM )//' | sort -u); do
  tag=${image%@*}
  digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$tag")
  case $digest in sha256:*) ;; *) echo "$tag: no digest: $digest" >&2; exit 1 ;; esac
  if [ "$image" = "$tag@$digest" ]; then
    echo "$tag: as pinned"
  elif [ "${1:-}" = --check ]; then
    echo "$tag: moved to $digest"
    status=1
  else
    sed -i.old "s|$image|$tag@$digest|" $files
    echo "$tag: $digest"
  fi
done
for file in $files; do rm -f "$file.old"; done
exit $status
