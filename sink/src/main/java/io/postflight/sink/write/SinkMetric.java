package io.postflight.sink.write;

import io.postflight.schema.metrics.DeclaredMetric;
import io.postflight.schema.metrics.MetricDefinition;
import java.time.Duration;

/** The metrics of a tier's sink. */
public enum SinkMetric implements DeclaredMetric {
  /** Rows by outcome. */
  WRITES(
      MetricDefinition.counter(
              "postflight.sink.writes",
              "Rows by outcome; the table is all for privacy commands and none for records that"
                  + " could not be decoded")
          .tag("tier")
          .tag("table", "timeline", "message", "message_by_time", "identity", "all", "none")
          .tag("outcome", "written", "expired", "retried", "dead_lettered", "erased")),
  /** Statements sent. */
  STATEMENTS(
      MetricDefinition.counter(
              "postflight.sink.statements",
              "Statements sent to write rows, retries included; a batch is one statement")
          .tag("tier")),
  /** Duration of statements. */
  WRITE_TIME(
      MetricDefinition.timer(
              "postflight.sink.write", "Time from sending a statement to its acknowledgement")
          .tag("tier")
          .histogram(Duration.ofNanos(100_000), Duration.ofSeconds(20))),
  /** Requests rejected because a disk is full. */
  DISK_FULL(
      MetricDefinition.counter(
              "postflight.sink.disk.full",
              "Requests that the database rejected because a disk is full; they are retried")
          .tag("tier")),
  /** Rows in flight. */
  IN_FLIGHT(
      MetricDefinition.gauge(
              "postflight.sink.inflight", "Rows accepted and not yet acknowledged by the database")
          .tag("tier")),
  /** Whether intake is paused. */
  PAUSED(
      MetricDefinition.gauge(
              "postflight.sink.paused",
              "1 while the sink consumes no records, because a server is unavailable or it is"
                  + " stopped; else 0")
          .tag("tier")),
  /** Partitions paused by rows and commands that wait. */
  PARTITIONS_PAUSED(
      MetricDefinition.gauge(
              "postflight.sink.partitions.paused",
              "Kafka partitions that are paused because too many of their rows and commands wait:"
                  + " for unavailable replicas, or for commands before them")
          .tag("tier")),
  /** Age of the oldest unacknowledged record. */
  OLDEST_UNACKED(
      MetricDefinition.gauge(
              "postflight.sink.oldest.unacked",
              "Age of the oldest record that is not acknowledged; 0 if there is none")
          .unit("seconds")
          .tag("tier")),
  /** Records not acknowledged. */
  LAG(
      MetricDefinition.gauge(
              "postflight.sink.lag.records", "Records of the topic that are not acknowledged")
          .unit("records")
          .tag("tier")),
  /** From arrival to stored. */
  END_TO_END(
      MetricDefinition.timer(
              "postflight.end.to.end",
              "Time from the arrival of a webhook to the acknowledgement of its rows, apart from those"
                  + " of listings, which wait for others")
          .tag("tier")
          .histogram(Duration.ofMillis(1), Duration.ofMinutes(10)));

  @SuppressWarnings("ImmutableEnumChecker") // a record of values, whose lists are copies
  private final MetricDefinition definition;

  SinkMetric(MetricDefinition definition) {
    this.definition = definition;
  }

  @Override
  public MetricDefinition definition() {
    return definition;
  }
}
