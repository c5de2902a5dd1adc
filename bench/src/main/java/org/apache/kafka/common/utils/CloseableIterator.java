package org.apache.kafka.common.utils;

import java.io.Closeable;
import java.util.Iterator;

/**
 * An interface that Kafka's clients had here until 4.3. The parallel-consumer that the sink is
 * measured beside was compiled with those and implements it, without passing it to Kafka.
 *
 * @param <T> what it iterates over
 */
public interface CloseableIterator<T> extends Iterator<T>, Closeable {
  @Override
  void close();
}
