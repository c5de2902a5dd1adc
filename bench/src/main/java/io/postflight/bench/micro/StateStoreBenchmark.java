package io.postflight.bench.micro;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.state.LifecycleState;
import io.postflight.topology.lifecycle.LifecycleProcessor;
import io.postflight.topology.runtime.RocksMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * The state of a message in RocksDB, in nanoseconds per operation. 10 million messages take 5 GB on
 * disk: {@code -p messages=10000000}. A cache of 8 MiB ({@code -p cacheMiB=8}) is to a million
 * messages what the default, 64 MiB, is to eight.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class StateStoreBenchmark {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** Number of messages in the store. */
  @Param({"10000", "1000000"})
  public int messages;

  /** Size of the cache; half of it is for write buffers. */
  @Param({"64"})
  public int cacheMiB = 64;

  /** How indexes and filters are stored. */
  @Param({"PARTITIONED", "WHOLE"})
  public Layout layout = Layout.PARTITIONED;

  private final byte[] state =
      AvroSerdes.mock("bench")
          .value(LifecycleState.class)
          .serializer()
          .serialize("state", new Message().stateAfter(3));
  private final SplittableRandom random = new SplittableRandom(1);
  private @Nullable RocksMemory memory;
  private final BloomFilter filter = new BloomFilter();
  private final Options options = new Options();
  private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
  private @Nullable Path directory;
  private @Nullable RocksDB store;
  private long fresh;

  /** How indexes and filters are stored. */
  public enum Layout {
    /** As the topology does. */
    PARTITIONED,
    /** As Kafka Streams does: whole, and without filters in the last level. */
    WHOLE
  }

  /** Fills a store. */
  @Setup
  public void fill() throws IOException, RocksDBException {
    configure();
    directory = Files.createTempDirectory("states");
    store = RocksDB.open(options, directory.toString());
    for (int i = 0; i < messages; i++) {
      store.put(unlogged, key(i), state(i));
    }
    fresh = messages;
  }

  /** The defaults of Kafka Streams, then what the topology changes. */
  private void configure() {
    BlockBasedTableConfig table = new BlockBasedTableConfig();
    table.setBlockSize(4096);
    table.setFilterPolicy(filter);
    options.setTableFormatConfig(table);
    options.setOptimizeFiltersForHits(true);
    options.setCompressionType(CompressionType.NO_COMPRESSION);
    options.setCompactionStyle(CompactionStyle.UNIVERSAL);
    options.setCreateIfMissing(true);
    options.setIncreaseParallelism(2);
    long cache = (long) cacheMiB << 20;
    RocksMemory shared = new RocksMemory(cache, cache / 2);
    memory = shared;
    new RocksMemory.Setter()
        .setConfig(LifecycleProcessor.LIFECYCLES, options, Map.of(RocksMemory.KEY, shared));
    if (layout == Layout.WHOLE) {
      table.setIndexType(IndexType.kBinarySearch);
      table.setPartitionFilters(false);
      table.setIndexBlockRestartInterval(1);
      options.setTableFormatConfig(table);
      options.setOptimizeFiltersForHits(true);
    }
  }

  /** The first event of a message. */
  @Benchmark
  public byte[] findUnknown() throws RocksDBException {
    return opened().get(key(random.nextLong(Long.MAX_VALUE / 2, Long.MAX_VALUE)));
  }

  /** A later event, of any message. */
  @Benchmark
  public byte[] findKnown() throws RocksDBException {
    return opened().get(key(random.nextInt(messages)));
  }

  /** A message's first state, with its share of flushes and compactions if they make it wait. */
  @Benchmark
  public void put() throws RocksDBException {
    fresh++;
    opened().put(unlogged, key(fresh), state(fresh));
  }

  /** Deletes the store. */
  @TearDown
  public void delete() throws IOException {
    opened().close();
    options.close();
    unlogged.close();
    filter.close();
    if (memory != null) {
      memory.close();
    }
    if (directory != null) {
      try (Stream<Path> files = Files.walk(directory).sorted(Comparator.reverseOrder())) {
        files.forEach(StateStoreBenchmark::delete);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private RocksDB opened() {
    if (store == null) {
      throw new IllegalStateException("the store is not open");
    }
    return store;
  }

  /** Keys are in no order, as the ids of providers. */
  private static byte[] key(long message) {
    byte[] key =
        "acme|wamid.HBgLMzQ2MDAxMTEyMjIVAgARGBI0000000000000000"
            .getBytes(StandardCharsets.US_ASCII);
    long id = scattered(message);
    for (int i = 1; i <= Long.BYTES * 2; i++) {
      key[key.length - i] = HEX[(int) (id >>> (4 * i)) & 15];
    }
    return key;
  }

  /** Some of it differs between messages: compression would find less than in equal states. */
  private byte[] state(long message) {
    byte[] each = state.clone();
    ByteBuffer bytes = ByteBuffer.wrap(each);
    for (int at = 0; at + Long.BYTES <= each.length; at += 4 * Long.BYTES) {
      bytes.putLong(at, scattered(message + at));
    }
    return each;
  }

  private static long scattered(long number) {
    long mixed = number * 0x9E3779B97F4A7C15L;
    return (mixed ^ (mixed >>> 32)) * 0xBF58476D1CE4E5B9L;
  }
}
