"""The whole system on one machine without Docker: real PostgreSQL, S3 store, Kafka-protocol broker and mailbox."""
