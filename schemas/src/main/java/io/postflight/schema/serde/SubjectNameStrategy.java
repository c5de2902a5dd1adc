package io.postflight.schema.serde;

import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/** Determines the subject of a record's schema: Confluent's three strategies. */
public enum SubjectNameStrategy {
  /** {@code <topic>-key} or {@code <topic>-value}: one record type per topic. */
  TOPIC_NAME {
    @Override
    public String subject(String topic, boolean key, Schema schema) {
      return topic + (key ? "-key" : "-value");
    }
  },
  /** The record's full name, independent of the topic. */
  RECORD_NAME {
    @Override
    public String subject(String topic, boolean key, Schema schema) {
      return schema.getFullName();
    }
  },
  /** {@code <topic>-<full name>}: several record types in one topic. */
  TOPIC_RECORD_NAME {
    @Override
    public String subject(String topic, boolean key, Schema schema) {
      return topic + '-' + schema.getFullName();
    }
  };

  /** The subject of a record's schema. */
  public abstract String subject(String topic, boolean key, Schema schema);

  /**
   * Reads a configured strategy: Confluent's class name, with or without its package.
   *
   * @throws ConfigException naming key, value and what is allowed
   */
  static SubjectNameStrategy parse(String key, Object configured) {
    String name = configured instanceof Class<?> type ? type.getName() : configured.toString();
    String simple = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (simple) {
      case "topicnamestrategy" -> TOPIC_NAME;
      case "recordnamestrategy" -> RECORD_NAME;
      case "topicrecordnamestrategy" -> TOPIC_RECORD_NAME;
      default ->
          throw new ConfigException(
              key,
              configured,
              "allowed: TopicNameStrategy, RecordNameStrategy, TopicRecordNameStrategy");
    };
  }
}
