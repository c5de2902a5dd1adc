package io.postflight.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Finds restores that are running, on whichever machine: by the offsets that they commit. */
public final class RunningRestores {
  /** A restore commits every second. */
  private static final Duration ALIVE = Duration.ofSeconds(30);

  private RunningRestores() {}

  /**
   * The ids of a tier's restores that are not complete and have committed within the last 30
   * seconds.
   *
   * @throws ReplayException if Kafka is unavailable
   */
  public static List<String> of(TierReplay replay) throws InterruptedException {
    String prefix = Restore.group(replay, "");
    List<String> ids = new ArrayList<>();
    try (Admin admin = Admin.create(new HashMap<>(replay.kafka()))) {
      for (GroupListing group : get(admin.listGroups().all(), replay)) {
        if (group.groupId().startsWith(prefix)
            && get(
                    admin.listConsumerGroupOffsets(group.groupId()).partitionsToOffsetAndMetadata(),
                    replay)
                .values()
                .stream()
                .anyMatch(offset -> isActive(offset, replay.tier().name()))) {
          ids.add(group.groupId().substring(prefix.length()));
        }
      }
    } catch (KafkaException failure) {
      throw ReplayException.kafka("running restores cannot be listed: " + failure, failure);
    }
    return ids;
  }

  private static boolean isActive(OffsetAndMetadata offset, String tier) {
    Checkpoint checkpoint = Checkpoint.decode(offset.metadata());
    return checkpoint.tier().equals(tier)
        && offset.offset() < checkpoint.end()
        && System.currentTimeMillis() - checkpoint.at() < ALIVE.toMillis();
  }

  private static <T> T get(KafkaFuture<T> answer, TierReplay replay) throws InterruptedException {
    try {
      return answer.get(replay.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new KafkaException(failed.getCause());
    } catch (TimeoutException late) {
      throw new org.apache.kafka.common.errors.TimeoutException(late);
    }
  }
}
