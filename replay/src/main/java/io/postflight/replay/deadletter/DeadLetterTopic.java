package io.postflight.replay.deadletter;

import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.topic.MissingTopicException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads dead letters; read-only. */
public final class DeadLetterTopic {
  private final DeadLetterContext context;

  /** Of a deployment. */
  public DeadLetterTopic(DeadLetterContext context) {
    this.context = context;
  }

  /**
   * A dead letter with what its headers do not contain.
   *
   * @param deadLetter the dead letter
   * @param provider its provider, if known
   * @param redriven whether it has been redriven
   */
  public record ListedDeadLetter(
      DeadLetterRecord deadLetter, @Nullable String provider, boolean redriven) {}

  /**
   * Passes all matching dead letters to a consumer, oldest first; those that were repeated after a
   * crash once.
   *
   * @param from excludes dead letters written before this, epoch milliseconds; 0: none
   * @param to excludes dead letters written at or after this, epoch milliseconds; {@link
   *     Long#MAX_VALUE}: none
   * @param progress receives the number of dead letters read so far
   * @throws MissingTopicException if the topic does not exist
   * @throws org.apache.kafka.common.KafkaException if Kafka is unavailable, or the registry is and
   *     the filter names a provider
   */
  public void read(
      DeadLetterFilter filter,
      long from,
      long to,
      LongConsumer progress,
      Consumer<ListedDeadLetter> each)
      throws InterruptedException {
    try (TopicScan scan =
            TopicScan.open(
                context.kafka(), context.topics().deadLetters(), from, to, context.timeout());
        DeadLetterReader reader = new DeadLetterReader(context.serdes())) {
      RedrivenDeadLetters done = redriven(scan.firstOffsets());
      Providers providers = new Providers(reader, filter.provider() != null);
      RepeatedDeadLetters repeated = new RepeatedDeadLetters();
      ConsumerRecord<byte[], byte[]> record;
      long count = 0;
      while ((record = scan.next()) != null) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        DeadLetterRecord deadLetter = new DeadLetterRecord(record);
        if (filter.matchesHeaders(deadLetter)) {
          String provider = providers.of(deadLetter);
          if ((filter.provider() == null || filter.provider().equals(provider))
              && !repeated.repeats(deadLetter)) {
            each.accept(
                new ListedDeadLetter(
                    deadLetter, provider, done != null && done.contains(deadLetter.id())));
          }
        }
        progress.accept(++count);
      }
    }
  }

  /** Finds one dead letter. */
  public Optional<ListedDeadLetter> find(DeadLetterId id) throws InterruptedException {
    ConsumerRecord<byte[], byte[]> record =
        TopicScan.at(context.kafka(), context.topics().deadLetters(), id, context.timeout());
    if (record == null) {
      return Optional.empty();
    }
    DeadLetterRecord deadLetter = new DeadLetterRecord(record);
    RedrivenDeadLetters done = redriven(Map.of(id.partition(), id.offset()));
    try (DeadLetterReader reader = new DeadLetterReader(context.serdes())) {
      return Optional.of(
          new ListedDeadLetter(
              deadLetter,
              new Providers(reader, false).of(deadLetter),
              done != null && done.contains(id)));
    }
  }

  /** Null if nothing has been redriven. */
  private @Nullable RedrivenDeadLetters redriven(Map<Integer, Long> firstOffsets)
      throws InterruptedException {
    try {
      return RedrivenDeadLetters.read(context, firstOffsets);
    } catch (MissingTopicException never) {
      return null;
    }
  }

  /** Resolves providers. If none is required, an unavailable registry is tolerated. */
  private final class Providers {
    private final DeadLetterReader reader;
    private final boolean needed;
    private boolean registryUnavailable;

    Providers(DeadLetterReader reader, boolean needed) {
      this.reader = reader;
      this.needed = needed;
    }

    @Nullable String of(DeadLetterRecord deadLetter) {
      if (registryUnavailable) {
        return deadLetter.provider();
      }
      try {
        return reader.provider(deadLetter, Route.of(deadLetter, context.topics(), context.tiers()));
      } catch (RegistryUnavailableException e) {
        if (needed) {
          throw e;
        }
        registryUnavailable = true;
        return deadLetter.provider();
      }
    }
  }
}
