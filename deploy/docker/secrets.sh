#!/bin/sh
# Writes .env for docker-compose.yml: fresh passwords and keys, once, readable by their owner only.
set -eu
cd "$(dirname "$0")/../.."
if [ -e .env ]; then
  echo ".env is there already; remove it for new secrets (and the volumes: docker compose down --volumes)"
  exit 0
fi
# 32 random bytes in URL-safe base64: what a Fernet key is, and a good password.
key() { head -c 32 /dev/urandom | base64 | tr '+/' '-_'; }
umask 077
{
  for name in POSTGRES_PASSWORD ROLE_PASSWORD OWNER_PASSWORD S3_SECRET_KEY SEALING_KEY CSRF_KEY GATEWAY_KEY; do
    printf 'ZAIRYU_COMPOSE_%s=%s\n' "$name" "$(key)"
  done
} > .env.new
mv .env.new .env
echo "wrote .env"
