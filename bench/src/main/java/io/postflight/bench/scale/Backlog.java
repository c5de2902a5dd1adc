package io.postflight.bench.scale;

import io.postflight.bench.role.RoleState;
import io.postflight.bench.workload.Appender;
import io.postflight.bench.workload.RawTopic;
import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.schema.topic.TopicLog;
import io.postflight.settings.DeploymentSettings;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a role is to process, appended in parts. Not thread-safe. */
abstract class Backlog implements AutoCloseable {
  final DeploymentSettings settings;
  final Appender appender;

  private Backlog(DeploymentSettings settings) {
    this.settings = settings;
    this.appender = new Appender(settings);
  }

  /** Appends about a number of events, or all that are left; returns how many. */
  abstract long append(long events);

  /**
   * Whether all of it is processed.
   *
   * @param instances of the role
   */
  abstract boolean isProcessed(List<RoleState> instances);

  @Override
  public void close() {
    appender.close();
  }

  /** Webhooks, for the topology. */
  static Backlog of(Iterator<SimulatedWebhook> webhooks, DeploymentSettings settings) {
    return new Backlog(settings) {
      private long appendedAt;

      @Override
      long append(long events) {
        long sent = RawTopic.append(webhooks, events, settings, appender).events();
        appendedAt = System.currentTimeMillis();
        return sent;
      }

      @Override
      boolean isProcessed(List<RoleState> instances) {
        return instances.stream().anyMatch(state -> state.caughtUpAsOf() >= appendedAt);
      }
    };
  }

  /**
   * Records of tiers, for sinks.
   *
   * @param made by the topology, in other topics of the same tiers; closed with this
   */
  static Backlog of(TopicLog made, DeploymentSettings settings) {
    return new Backlog(settings) {
      private Iterator<ConsumerRecord<byte[], byte[]>> polled = Collections.emptyIterator();
      private long appended;

      @Override
      long append(long events) {
        long before = appended;
        while (appended - before < events && (polled.hasNext() || !made.isDone())) {
          if (polled.hasNext()) {
            copy(polled.next());
            appended++;
          } else {
            polled = made.poll().iterator();
          }
        }
        appender.flush();
        return appended - before;
      }

      private void copy(ConsumerRecord<byte[], byte[]> record) {
        String tier = record.topic().substring(record.topic().lastIndexOf('.') + 1);
        appender.send(
            new ProducerRecord<>(
                settings.kafka().topics().store(tier),
                null,
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers()));
      }

      @Override
      boolean isProcessed(List<RoleState> instances) {
        return instances.stream().mapToLong(RoleState::stored).sum() >= appended
            && instances.stream().allMatch(state -> state.inFlight() == 0);
      }

      @Override
      public void close() {
        made.close();
        super.close();
      }
    };
  }
}
