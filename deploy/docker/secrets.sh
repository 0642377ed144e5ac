#!/bin/sh
# Writes .env for docker-compose.yml: fresh passwords and keys, once, readable by their owner only. One for each role and
# purpose; of a key pair the private half goes to one service alone. Needs openssl for the pairs.
#   secrets.sh [FILE]: another file than .env, for docker compose --env-file
set -eu
file=${1:-$(cd "$(dirname "$0")/../.." && pwd)/.env}
if [ -e "$file" ]; then
  echo "$file is there already; remove it for new secrets (and the volumes: docker compose down --volumes)"
  exit 0
fi
command -v openssl >/dev/null || { echo "openssl is needed for key pairs: install it" >&2; exit 1; }
# 32 random bytes in URL-safe base64: what a Fernet key is, and a good password.
url_safe() { base64 | tr '+/' '-_'; }
key() { head -c 32 /dev/urandom | url_safe; }
secret() { printf 'ZAIRYU_COMPOSE_%s=%s\n' "$1" "$(key)"; }
# An X25519 pair: its last 32 bytes in DER are the key itself.
pair() {
  private=$(openssl genpkey -algorithm X25519 | openssl pkcs8 -topk8 -nocrypt)
  printf 'ZAIRYU_COMPOSE_%s_KEY=private-%s\n' "$1" "$(echo "$private" | openssl pkey -outform DER | tail -c 32 | url_safe)"
  printf 'ZAIRYU_COMPOSE_%s_PUBLIC_KEY=public-%s\n' "$1" \
    "$(echo "$private" | openssl pkey -pubout -outform DER | tail -c 32 | url_safe)"
}
umask 077
{
  secret POSTGRES_PASSWORD
  for service in REGISTRATION APPLICATION DOCUMENT REVIEW NOTIFICATION; do
    secret "${service}_ROLE_PASSWORD"
    secret "${service}_OWNER_PASSWORD"
    secret "${service}_KAFKA_PASSWORD"
    pair "${service}_EVENT"
  done
  pair SEALING
  for name in REGISTRATION_VAULT_KEY REGISTRATION_DIGEST_KEY APPLICATION_PERSON_KEY APPLICATION_PROOF_KEY DOCUMENT_PREVIEW_KEY PAYMENT_KEY PAYMENT_CALLBACK_KEY CSRF_KEY GATEWAY_KEY S3_SECRET_KEY \
    STORE_SSE_KEY STORE_JWT_SIGNING_KEY STORE_JWT_SIGNING_READ_KEY STORE_JWT_FILER_SIGNING_KEY STORE_JWT_FILER_SIGNING_READ_KEY; do
    secret "$name"
  done
} > "$file.new"
mv "$file.new" "$file"
echo "wrote $file"
