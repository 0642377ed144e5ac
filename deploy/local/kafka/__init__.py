"""Apache Kafka itself, from Maven, without Docker: what the messaging and end-to-end tests also run on."""
