package io.postflight.topology.deadline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * Every webhook that arrived up to {@code caughtUpAsOf} has been applied to its message, although
 * the normalizer runs at least once: instances crash between output and commit, and what they sent
 * may arrive after another instance has repeated it and committed. {@code -Dpostflight.seed=N} runs
 * one history.
 */
class TwoStageSimulationTest {
  private static final int SEEDS = 5_000;
  private static final int STEPS = 400;
  private static final int PARTITIONS = 3;

  /** An injected fault. */
  private enum StageFault {
    NONE,
    /** The normalizer commits offsets before its events are acknowledged. */
    COMMITTED_BEFORE_FLUSH
  }

  @Test
  void every_webhook_up_to_the_time_is_applied_in_any_history() {
    Integer one = Integer.getInteger("postflight.seed");
    int times = 0;
    for (int seed = one == null ? 1 : one; seed <= (one == null ? SEEDS : one); seed++) {
      PipelineModel model = new PipelineModel(seed, StageFault.NONE);
      assertThat(model.play()).as("replay with -Dpostflight.seed=%d", seed).isEmpty();
      times += model.times.size();
    }
    assertThat(times).as("times that were known").isGreaterThan(2 * SEEDS);
  }

  @Test
  void a_commit_before_the_events_are_acknowledged_is_detected() {
    assertThat(
            IntStream.rangeClosed(1, 300)
                .filter(
                    seed ->
                        !new PipelineModel(seed, StageFault.COMMITTED_BEFORE_FLUSH)
                            .play()
                            .isEmpty())
                .findFirst())
        .isPresent();
  }

  /** A webhook, and the event that it becomes. */
  private record Webhook(int id, long arrivedAt) {}

  /** A topic, and how far its group has read it. */
  private static final class Log implements LogProgress {
    private final List<List<Webhook>> partitions = new ArrayList<>();
    private final int[] positions = new int[PARTITIONS];
    private final int[] committed = new int[PARTITIONS];
    private final String topic;
    private final IntUnaryOperator partitioner;

    Log(String topic, IntUnaryOperator partitioner) {
      this.topic = topic;
      this.partitioner = partitioner;
      for (int i = 0; i < PARTITIONS; i++) {
        partitions.add(new ArrayList<>());
      }
    }

    void append(Webhook webhook) {
      partitions.get(partitioner.applyAsInt(webhook.id()) % PARTITIONS).add(webhook);
    }

    @Override
    public Map<TopicPartition, Long> ends(String name) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      for (int i = 0; i < PARTITIONS; i++) {
        ends.put(new TopicPartition(topic, i), (long) partitions.get(i).size());
      }
      return ends;
    }

    @Override
    public boolean passed(Map<TopicPartition, Long> ends) {
      return ends.entrySet().stream()
          .allMatch(end -> committed[end.getKey().partition()] >= end.getValue());
    }
  }

  /** One history. Each partition of raw.webhooks is read by an instance of its own. */
  private static final class PipelineModel {
    private final Random random;
    private final StageFault fault;
    private final Log raw = new Log("raw", id -> id);
    private final Log events = new Log("events", id -> id / 2);
    private final List<Webhook> webhooks = new ArrayList<>();

    /** By partition of raw.webhooks: events that were sent and not acknowledged. */
    private final List<List<Webhook>> sent = new ArrayList<>();

    /** Events sent by instances that have lost their partition. */
    private final List<Webhook> late = new ArrayList<>();

    private final Set<Integer> processed = new TreeSet<>();
    private final Set<Integer> applied = new TreeSet<>();
    private final Set<Long> times = new TreeSet<>();
    private final List<String> wrong = new ArrayList<>();
    private long now;
    private final TwoStageCapture capture =
        new TwoStageCapture(
            new TwoStageCapture.Stage("raw", raw),
            new TwoStageCapture.Stage("events", events),
            () -> now);

    PipelineModel(int seed, StageFault fault) {
      random = new Random(seed);
      this.fault = fault;
      for (int i = 0; i < PARTITIONS; i++) {
        sent.add(new ArrayList<>());
      }
    }

    List<String> play() {
      for (int i = 0; i < STEPS; i++) {
        now++;
        step();
        check();
      }
      finish();
      return wrong;
    }

    private void step() {
      int partition = random.nextInt(PARTITIONS);
      switch (random.nextInt(10)) {
        case 0 -> arrive();
        case 1, 2 -> normalize(partition);
        case 3 -> deliver(sent.get(partition));
        case 4 -> deliver(late);
        case 5 -> commit(partition);
        case 6 -> crash(partition);
        case 7, 8 -> applyOne(partition);
        default -> {
          endTransaction(random.nextInt(4) > 0);
          capture.poll();
        }
      }
    }

    private void arrive() {
      Webhook webhook = new Webhook(webhooks.size(), now);
      webhooks.add(webhook);
      raw.append(webhook);
    }

    private boolean normalize(int partition) {
      int at = raw.positions[partition];
      if (at == raw.partitions.get(partition).size()) {
        return false;
      }
      sent.get(partition).add(raw.partitions.get(partition).get(at));
      raw.positions[partition]++;
      return true;
    }

    private void deliver(List<Webhook> some) {
      if (!some.isEmpty()) {
        events.append(some.remove(0));
      }
    }

    private void commit(int partition) {
      if (fault != StageFault.COMMITTED_BEFORE_FLUSH) {
        flush(partition);
      }
      raw.committed[partition] = raw.positions[partition];
    }

    private void flush(int partition) {
      sent.get(partition).forEach(events::append);
      sent.get(partition).clear();
    }

    /** Sometimes after the flush; what was not acknowledged arrives late or never. */
    private void crash(int partition) {
      if (random.nextBoolean()) {
        flush(partition);
      }
      if (random.nextBoolean()) {
        late.addAll(sent.get(partition));
      }
      sent.get(partition).clear();
      raw.positions[partition] = raw.committed[partition];
    }

    private boolean applyOne(int partition) {
      int at = events.positions[partition];
      if (at == events.partitions.get(partition).size()) {
        return false;
      }
      processed.add(events.partitions.get(partition).get(at).id());
      events.positions[partition]++;
      return true;
    }

    /** The lifecycle runs exactly once: state and offsets are committed or aborted together. */
    private void endTransaction(boolean committed) {
      if (committed) {
        applied.addAll(processed);
        System.arraycopy(events.positions, 0, events.committed, 0, PARTITIONS);
      } else {
        System.arraycopy(events.committed, 0, events.positions, 0, PARTITIONS);
      }
      processed.clear();
    }

    private void check() {
      long asOf = capture.asOf();
      times.add(asOf);
      for (Webhook webhook : webhooks) {
        if (webhook.arrivedAt() <= asOf && !applied.contains(webhook.id())) {
          wrong.add("%s is not applied at %d".formatted(webhook, asOf));
        }
      }
    }

    /** Without crashes everything is applied, and the time reaches the last webhook. */
    private void finish() {
      long last = now++;
      while (capture.asOf() <= last && wrong.isEmpty()) {
        now++;
        for (int partition = 0; partition < PARTITIONS; partition++) {
          while (normalize(partition)) {
            // Until its end.
          }
          flush(partition);
          commit(partition);
          while (applyOne(partition)) {
            // Until its end.
          }
        }
        endTransaction(true);
        capture.poll();
        check();
        if (now > last + 20) {
          wrong.add("the time stays at " + capture.asOf());
        }
      }
    }
  }
}
