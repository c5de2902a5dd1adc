package io.postflight.faults;

import io.postflight.schema.topic.DeadLetterHeaders;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's own clients, below all code of the sink, that report polled records, commits and dead
 * letters to an oracle.
 */
final class OracleClientSupplier implements KafkaClientSupplier {
  private final String name;
  private final GroupCommitOracle oracle;

  OracleClientSupplier(String name, GroupCommitOracle oracle) {
    this.name = name;
    this.oracle = oracle;
  }

  private interface Call {
    Object to(Object[] arguments) throws Throwable;
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    Consumer<byte[], byte[]> kafka = plain(config);
    return proxy(
        Consumer.class,
        kafka,
        (method, arguments, call) -> {
          if (method.equals("commitSync") || method.equals("commitAsync")) {
            if (method.equals("commitAsync")
                || arguments.length == 0
                || !(arguments[0] instanceof Map<?, ?> offsets)) {
              throw new AssertionError(name + " commits what the oracle cannot see: " + method);
            }
            oracle.check(name, cast(offsets));
          }
          Object answer = call.to(arguments);
          if (answer instanceof ConsumerRecords<?, ?> records) {
            OracleClientSupplier.<ConsumerRecords<byte[], byte[]>>unchecked(records)
                .forEach(oracle::given);
          }
          return answer;
        });
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    Producer<byte[], byte[]> kafka =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    return proxy(
        Producer.class,
        kafka,
        (method, arguments, call) -> {
          if (method.equals("send") && arguments.length == 2) {
            ProducerRecord<byte[], byte[]> deadLetter = unchecked(arguments[0]);
            Callback callback = (Callback) arguments[1];
            arguments[1] =
                (Callback)
                    (sent, failure) -> {
                      if (failure == null) {
                        oracle.deadLettered(
                            new TopicPartition(
                                text(deadLetter, DeadLetterHeaders.SOURCE_TOPIC),
                                Integer.parseInt(
                                    text(deadLetter, DeadLetterHeaders.SOURCE_PARTITION))),
                            Long.parseLong(text(deadLetter, DeadLetterHeaders.SOURCE_OFFSET)));
                      }
                      callback.onCompletion(sent, failure);
                    };
          }
          return call.to(arguments);
        });
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return plain(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return plain(config);
  }

  private interface Watch {
    Object on(String method, Object[] arguments, Call call) throws Throwable;
  }

  private static <T> T proxy(Class<? super T> type, T kafka, Watch watch) {
    return unchecked(
        Proxy.newProxyInstance(
            OracleClientSupplier.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, given) -> {
              Object[] arguments = given == null ? new Object[0] : given;
              return watch.on(
                  method.getName(),
                  arguments,
                  these -> {
                    try {
                      return method.invoke(kafka, these);
                    } catch (InvocationTargetException thrown) {
                      throw thrown.getCause() == null ? thrown : thrown.getCause();
                    }
                  });
            }));
  }

  private static Consumer<byte[], byte[]> plain(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static String text(ProducerRecord<byte[], byte[]> deadLetter, String header) {
    return new String(deadLetter.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
  }

  private static Map<TopicPartition, OffsetAndMetadata> cast(Map<?, ?> offsets) {
    return unchecked(offsets);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the interfaces say
  private static <T> T unchecked(Object value) {
    return (T) value;
  }
}
