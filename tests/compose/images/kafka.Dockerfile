# Stands in for apache/kafka: Maven's jars, among them the program by which that image reads KAFKA_ variables.
FROM zairyu-stand-in:trixie
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends openjdk-21-jre-headless netcat-openbsd \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
RUN groupadd --gid 1000 appuser && useradd --uid 1000 --gid 1000 --no-create-home appuser \
 && install -d -o 1000 -g 1000 /opt/kafka/config /opt/kafka/logs /var/lib/kafka/data /mnt/shared/config /etc/kafka/docker \
 && touch /etc/kafka/docker/server.properties
COPY libs /opt/kafka/libs
COPY kafka-class.sh /opt/kafka/bin/kafka-acls.sh
COPY kafka-class.sh /opt/kafka/bin/kafka-configs.sh
COPY kafka-class.sh /opt/kafka/bin/kafka-topics.sh
COPY kafka-log4j2.yaml /etc/kafka/docker/log4j2.yaml
COPY kafka-log4j2.yaml /etc/kafka/docker/tools-log4j2.yaml
COPY kafka-run.sh /etc/kafka/docker/run
USER 1000:1000
EXPOSE 9092
VOLUME ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]
CMD ["/etc/kafka/docker/run"]
