#!/bin/bash
# Makes server.properties from the environment, formats what is empty, and runs the node.
set -eu
export CLUSTER_ID=${CLUSTER_ID:-emFpcnl1LWNvbXBvc2UtMQ}
quiet="-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.showDateTime=true"
# The options are words.
# shellcheck disable=SC2086
said=$(java -XX:TieredStopAtLevel=1 $quiet -cp '/opt/kafka/libs/*' kafka.docker.KafkaDockerWrapper setup \
  --default-configs-dir /etc/kafka/docker --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config 2>&1) ||
  # On data of an earlier start.
  grep -q "already formatted" <<< "$said" || { echo "$said" >&2; exit 1; }
# shellcheck disable=SC2086
exec java ${KAFKA_HEAP_OPTS:-} $quiet -cp '/opt/kafka/libs/*' kafka.Kafka /opt/kafka/config/server.properties
