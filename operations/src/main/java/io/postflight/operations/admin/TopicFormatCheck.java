package io.postflight.operations.admin;

import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationException;
import io.postflight.schema.recovery.TopicFormat;
import io.postflight.schema.topic.KafkaFault;
import io.postflight.schema.topic.MissingTopicException;
import io.postflight.schema.topic.PartitionCountException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** Refuses topics that have another format than this version's. */
public final class TopicFormatCheck {
  /** What to do about topics of another format. */
  public static final String REMEDY =
      "run the version that wrote them, or configure another kafka.topicPrefix";

  private TopicFormatCheck() {}

  /**
   * Requires that the topics have this version's format, or do not exist yet.
   *
   * @throws OperationException if they have another, or Kafka is unavailable
   */
  public static void require(KafkaSettings settings) {
    try {
      refuse(settings, read(settings));
    } catch (MissingTopicException | PartitionCountException reported) {
      // Nothing is recorded; the comparison of topics and every role report it.
      return;
    } catch (KafkaException failure) {
      // Roles retry for a while what is refused: access may be granted soon.
      if (KafkaFault.of(failure) == KafkaFault.UNAVAILABLE) {
        throw fault(settings, failure);
      }
    }
  }

  /**
   * Requires the same, and records the format in new topics.
   *
   * @throws OperationException also if Kafka refuses
   */
  static void requireAndRecord(KafkaSettings settings) {
    try {
      Optional<String> found = read(settings);
      refuse(settings, found);
      if (found.isEmpty()) {
        TopicFormat.write(settings.clientProperties(), settings.topics().recoveries());
      }
    } catch (PartitionCountException reported) {
      return;
    } catch (KafkaException failure) {
      throw fault(settings, failure);
    }
  }

  /**
   * What is wrong with the format of the topics; empty: nothing.
   *
   * @throws KafkaException if they cannot be read
   */
  public static Optional<String> problem(KafkaSettings settings) {
    return problem(settings, read(settings));
  }

  private static Optional<String> problem(KafkaSettings settings, Optional<String> found) {
    return found
        .filter(version -> !version.equals(TopicFormat.VERSION))
        .map(
            version ->
                "the topics at %s, as recorded in '%s', have format %s; this version requires format %s"
                    .formatted(
                        settings.bootstrapServers(),
                        settings.topics().recoveries(),
                        version,
                        TopicFormat.VERSION));
  }

  private static void refuse(KafkaSettings settings, Optional<String> found) {
    problem(settings, found)
        .ifPresent(
            problem -> {
              throw OperationException.usage(problem + ": " + REMEDY);
            });
  }

  private static Optional<String> read(KafkaSettings settings) {
    return TopicFormat.read(settings.clientProperties(), settings.topics().recoveries());
  }

  private static OperationException fault(KafkaSettings settings, KafkaException failure) {
    return ServerFaults.of("Kafka at " + settings.bootstrapServers(), failure);
  }
}
