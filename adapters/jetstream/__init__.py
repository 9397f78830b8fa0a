"""The log, published to NATS JetStream: every event once, in order, from one publisher."""
