#!/bin/bash
# Three of Kafka's tools, by the name under which this is called.
case $(basename "$0") in
  kafka-acls.sh) tool=org.apache.kafka.tools.AclCommand ;;
  kafka-configs.sh) tool=kafka.admin.ConfigCommand ;;
  kafka-topics.sh) tool=org.apache.kafka.tools.TopicCommand ;;
esac
exec java -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp '/opt/kafka/libs/*' "$tool" "$@"
