package io.postflight.devstack.junit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;

/** Counts the Kafka clients that are open, as one of their metrics reporters. */
public final class OpenClients implements MetricsReporter {
  private static final String GROUP = "open.clients.group";
  private static final Map<String, AtomicInteger> OPEN = new ConcurrentHashMap<>();
  private static final Map<String, AtomicInteger> CREATED = new ConcurrentHashMap<>();

  private String group = "";

  /** Client settings with which clients are counted. */
  public static Map<String, Object> counted(Map<String, ?> client, String group) {
    Map<String, Object> counted = new HashMap<>(client);
    counted.put("metric.reporters", OpenClients.class.getName());
    counted.put(GROUP, group);
    return counted;
  }

  /** Number of clients of a group that are open. */
  public static int open(String group) {
    return OPEN.getOrDefault(group, new AtomicInteger()).get();
  }

  /** Number of clients of a group that were created. */
  public static int created(String group) {
    return CREATED.getOrDefault(group, new AtomicInteger()).get();
  }

  @Override
  public void configure(Map<String, ?> configs) {
    group = String.valueOf(configs.get(GROUP));
  }

  @Override
  public void init(List<KafkaMetric> metrics) {
    OPEN.computeIfAbsent(group, any -> new AtomicInteger()).incrementAndGet();
    CREATED.computeIfAbsent(group, any -> new AtomicInteger()).incrementAndGet();
  }

  @Override
  public void metricChange(KafkaMetric metric) {}

  @Override
  public void metricRemoval(KafkaMetric metric) {}

  @Override
  public void close() {
    OPEN.computeIfAbsent(group, any -> new AtomicInteger()).decrementAndGet();
  }
}
