package io.postflight.bench.scale;

import io.postflight.bench.Benchmark;
import io.postflight.bench.workload.BenchTenants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What grows, and its sizes; all else is as usual. */
public enum Dimension {
  /** Of each topic. */
  PARTITIONS {
    @Override
    List<Size> sizes() {
      return both(
          List.of(1L, 4L, 16L, 64L),
          "partitions of each topic",
          size ->
              size.withSettings(
                  Map.of(
                      "kafka.partitions.raw", size.label(),
                      "kafka.partitions.events", size.label(),
                      "kafka.partitions.store", size.label())));
    }
  },
  /** Messages in the topology's state. */
  STATE {
    @Override
    List<Size> sizes() {
      return Stream.of(10_000L, 100_000L, 1_000_000L, 10_000_000L)
          .map(
              each -> Size.of(Size.Role.TOPOLOGY, each, "messages in the state").withMessages(each))
          .toList();
    }
  },
  /** In the directory and in the load. */
  TENANTS {
    @Override
    List<Size> sizes() {
      return both(List.of(10L, 1_000L, 100_000L), "tenants", Dimension::ofOneStatusPerWebhook);
    }
  },
  /** Tiers: output topics of the topology, and sinks in one process. */
  TIERS {
    @Override
    List<Size> sizes() {
      return both(
          List.of(1L, 2L, 4L, 8L),
          "tiers",
          size -> size.withTenants(ofTiers(Integer.parseInt(size.label()))));
    }
  },
  /** Instances of the topology. */
  INSTANCES {
    @Override
    List<Size> sizes() {
      return IntStream.rangeClosed(1, 3)
          .mapToObj(
              number ->
                  Size.of(Size.Role.TOPOLOGY, number, "instances of the topology")
                      .withInstances(number))
          .toList();
    }
  },
  /** Users that share the events. */
  USERS {
    @Override
    List<Size> sizes() {
      return List.of(
          ofUsers("one-user", "all events of one user", 1),
          ofUsers("1000-users", "1,000 users, a few with most events", 1_000),
          ofUsers("user-each", "a user for each message", Integer.MAX_VALUE));
    }
  };

  /** Those that send an event per webhook, however many tenants share them. */
  private static final Set<String> WITHOUT_BATCHES = Set.of("twilio", "wasender");

  /** Sizes of this that take minutes are measured only if they are named. */
  private static final long MOST_MESSAGES = 1_000_000;

  /** What varies with a size. */
  @FunctionalInterface
  interface Sizing {
    Size of(Size usual);
  }

  /** All sizes, from the smallest to the largest of each role. */
  abstract List<Size> sizes();

  /** {@code bench scale-NAME} for each dimension, as a command runs it. */
  public static List<Benchmark> benchmarks() {
    return Arrays.stream(values()).map(Dimension::benchmark).toList();
  }

  /** {@code bench scale-NAME}. */
  public Benchmark benchmark() {
    boolean database = sizes().stream().anyMatch(size -> size.role() == Size.Role.SINK);
    return new Benchmark(
        "scale-" + name().toLowerCase(Locale.ROOT), sizes(), database, ScaleBenchmark::runAndClose);
  }

  /** Whether a size is measured though no size is named. */
  static boolean isUsual(Size size) {
    return size.messages() <= MOST_MESSAGES;
  }

  private static List<Size> both(List<Long> numbers, String unit, Sizing sizing) {
    List<Size> sizes = new ArrayList<>();
    for (Size.Role role : Size.Role.values()) {
      numbers.forEach(number -> sizes.add(sizing.of(Size.of(role, number, unit))));
    }
    return sizes;
  }

  private static Size ofOneStatusPerWebhook(Size size) {
    BenchTenants usual = BenchTenants.USUAL;
    return size.withTenants(
        new BenchTenants(
            Integer.parseInt(size.label()),
            usual.usersPerTenant(),
            usual.tiers(),
            WITHOUT_BATCHES));
  }

  private static BenchTenants ofTiers(int number) {
    BenchTenants usual = BenchTenants.USUAL;
    List<String> tiers = new ArrayList<>(usual.tiers());
    for (int i = 2; i <= number; i++) {
      tiers.add("tier" + i);
    }
    return new BenchTenants(usual.count(), usual.usersPerTenant(), tiers, usual.providers());
  }

  /** All of one tenant, so that listings do not differ. */
  private static Size ofUsers(String label, String description, int users) {
    BenchTenants usual = BenchTenants.USUAL;
    BenchTenants tenant = new BenchTenants(1, users, usual.tiers(), usual.providers());
    return new Size(Size.Role.SINK, label, description, tenant, Map.of(), 1, 0);
  }
}
