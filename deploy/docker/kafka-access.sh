#!/bin/bash
# The services' topics and users in Apache Kafka, and what each may do: write its own topics, read those it handles.
# Runs on a listener whose clients may do everything, and again at every start: what is there already stays.
#   ZAIRYU_REVIEW_KAFKA_PASSWORD and so on: the password of each service's user
set -euo pipefail
kafka=${KAFKA_BIN:-/opt/kafka/bin}
server=${KAFKA_SERVER:-localhost:9094}

# user: topics that it reads (tests/guards/test_compose.py compares them with the services' handlers)
access='
registration: document
application: registration document review
document: registration application review
review: application notification
notification: registration application review notification
'

acls() { "$kafka/kafka-acls.sh" --bootstrap-server "$server" --add "$@" >/dev/null; }

while IFS=: read -r user reads; do
  [ -n "$user" ] || continue
  variable="ZAIRYU_${user^^}_KAFKA_PASSWORD"
  password=${!variable:?}
  # By file, so that the process list shows no password.
  config=$(mktemp)
  printf 'SCRAM-SHA-512=password=%s\n' "$password" > "$config"
  "$kafka/kafka-configs.sh" --bootstrap-server "$server" --alter --entity-type users --entity-name "$user" \
    --add-config-file "$config" >/dev/null
  rm -f "$config"
  # Before anybody reads it: who waits for a topic that nobody has sent to is not ready, and may not make it.
  "$kafka/kafka-topics.sh" --bootstrap-server "$server" --create --if-not-exists --topic "$user.events" \
    --partitions 12 --config retention.ms=1209600000 >/dev/null
  acls --allow-principal "User:$user" --operation Create --operation Write --operation Describe \
    --topic "$user.events" --topic "$user.dead-letters"
  topics=()
  for owner in $reads; do topics+=(--topic "$owner.events"); done
  acls --allow-principal "User:$user" --operation Read --group "$user" "${topics[@]}"
  echo "$user may send to $user.events and read from:$reads"
done <<< "$access"
