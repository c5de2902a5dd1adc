package io.postflight.replay.deadletter;

import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.topic.MissingTopicException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Looks at dead letters; changes nothing. */
public final class DeadLetterTopic {
  private final DeadLetterContext context;

  /** Of a deployment. */
  public DeadLetterTopic(DeadLetterContext context) {
    this.context = context;
  }

  /**
   * A letter and what is known of it besides its headers.
   *
   * @param letter the letter
   * @param provider who told it, as far as it is known
   * @param redriven whether it has been redriven
   */
  public record Listed(DeadLetterRecord letter, @Nullable String provider, boolean redriven) {}

  /**
   * Hands on all letters that are meant, by the time they were written, oldest first.
   *
   * @param from letters written before this are left out, epoch milliseconds; 0: all
   * @param to letters written from this on are left out, epoch milliseconds; {@link
   *     Long#MAX_VALUE}: none
   * @param looked told after each letter how many have been looked at
   * @throws MissingTopicException if there is no such topic
   * @throws org.apache.kafka.common.KafkaException if Kafka is away, or the registry and the filter
   *     names a provider
   */
  public void read(
      DeadLetterFilter filter, long from, long to, LongConsumer looked, Consumer<Listed> each)
      throws InterruptedException {
    try (TopicScan scan =
            TopicScan.open(
                context.kafka(), context.topics().deadLetters(), from, to, context.timeout());
        DeadLetterReader reader = new DeadLetterReader(context.serdes())) {
      RedrivenDeadLetters done = redriven(scan.firstOffsets());
      Providers providers = new Providers(reader, filter.provider() != null);
      ConsumerRecord<byte[], byte[]> record;
      long count = 0;
      while ((record = scan.next()) != null) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        DeadLetterRecord letter = new DeadLetterRecord(record);
        if (filter.matchesHeaders(letter)) {
          String provider = providers.of(letter);
          if (filter.provider() == null || filter.provider().equals(provider)) {
            each.accept(new Listed(letter, provider, done != null && done.contains(letter.id())));
          }
        }
        looked.accept(++count);
      }
    }
  }

  /** One letter. */
  public Optional<Listed> find(DeadLetterId id) throws InterruptedException {
    ConsumerRecord<byte[], byte[]> record =
        TopicScan.at(context.kafka(), context.topics().deadLetters(), id, context.timeout());
    if (record == null) {
      return Optional.empty();
    }
    DeadLetterRecord letter = new DeadLetterRecord(record);
    RedrivenDeadLetters done = redriven(Map.of(id.partition(), id.offset()));
    try (DeadLetterReader reader = new DeadLetterReader(context.serdes())) {
      return Optional.of(
          new Listed(
              letter, new Providers(reader, false).of(letter), done != null && done.contains(id)));
    }
  }

  /** Null: nobody has ever redriven here. */
  private @Nullable RedrivenDeadLetters redriven(Map<Integer, Long> firstOffsets)
      throws InterruptedException {
    try {
      return RedriveLog.read(context, firstOffsets);
    } catch (MissingTopicException never) {
      return null;
    }
  }

  /** Providers as far as they can be known: for people, a registry that is away is no obstacle. */
  private final class Providers {
    private final DeadLetterReader reader;
    private final boolean needed;
    private boolean away;

    Providers(DeadLetterReader reader, boolean needed) {
      this.reader = reader;
      this.needed = needed;
    }

    @Nullable String of(DeadLetterRecord letter) {
      if (away) {
        return letter.provider();
      }
      try {
        return reader.provider(letter, Route.of(letter, context.topics(), context.tiers()));
      } catch (RegistryUnavailableException e) {
        if (needed) {
          throw e;
        }
        away = true;
        return letter.provider();
      }
    }
  }
}
