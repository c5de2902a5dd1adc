package io.postflight.topology.runtime;

import io.postflight.topology.lifecycle.LifecycleProcessor;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBufferManager;

/**
 * Memory shared by all RocksDB stores of one instance, and how they use it. By default each store
 * of each partition uses up to 50 MB of cache and three buffers of 16 MB, so that memory grows with
 * the partitions. ADR 28 has the measurements behind the constants.
 */
public final class RocksMemory implements AutoCloseable {
  /** Key of the instance in the Streams configuration. */
  public static final String KEY = "postflight.rocksdb.memory";

  private static final long ONE_BUFFER = 8 * 1024 * 1024;
  private static final int BUFFERS_PER_STORE = 2;

  /**
   * Bytes by which a write buffer grows. By default it is an eighth of the buffer, so that one
   * record in each of 64 stores fills all the memory, and each store is flushed for a few records.
   */
  private static final long ARENA_BLOCK = 16 * 1024;

  /** Share of the cache in which indexes and filters are not displaced by data. */
  private static final double METADATA_SHARE = 0.5;

  private static final int ANY_SHARDS = -1;

  /**
   * Bytes of a part of an index or filter. A whole filter of a million keys has 1.25 MB, more than
   * a shard of a small cache, and would be read again for each lookup.
   */
  private static final int METADATA_BLOCK = 4 * 1024;

  /** Keys of an index of which only the first is stored whole. */
  private static final int INDEX_RESTART = 8;

  private final long capacity;
  private final Cache cache;
  private final WriteBufferManager buffers;
  private final Statistics statistics = new Statistics();
  private boolean closed;

  /**
   * @param cacheBytes of blocks, indexes, filters and write buffers together
   * @param bufferBytes of write buffers alone, counted against the cache
   */
  public RocksMemory(long cacheBytes, long bufferBytes) {
    RocksDB.loadLibrary();
    capacity = cacheBytes;
    cache = new LRUCache(cacheBytes, ANY_SHARDS, false, METADATA_SHARE);
    buffers = new WriteBufferManager(bufferBytes, cache);
    statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
  }

  /** Size of the cache, bytes. */
  long capacity() {
    return capacity;
  }

  /** Bytes of the cache in use, those of write buffers included. */
  double used() {
    return unlessClosed(memory -> memory.cache.getUsage());
  }

  /** Blocks that were found in the cache. */
  double hits() {
    return unlessClosed(memory -> memory.ticks(TickerType.BLOCK_CACHE_HIT));
  }

  /** Blocks that were read from files. */
  double misses() {
    return unlessClosed(memory -> memory.ticks(TickerType.BLOCK_CACHE_MISS));
  }

  /** How long writes waited for flushes and compactions, of all threads together. */
  double stalledSeconds() {
    return unlessClosed(memory -> memory.ticks(TickerType.STALL_MICROS))
        / TimeUnit.SECONDS.toMicros(1);
  }

  private double ticks(TickerType ticker) {
    return statistics.getTickerCount(ticker);
  }

  /** A call on what is closed would crash the JVM. */
  private synchronized double unlessClosed(ToDoubleFunction<RocksMemory> value) {
    return closed ? 0 : value.applyAsDouble(this);
  }

  /** Called after all stores are closed. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      buffers.close();
      cache.close();
      statistics.close();
    }
  }

  /** Configures every store; instantiated by Kafka Streams by class name. */
  public static final class Setter implements RocksDBConfigSetter {
    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
      if (!(configs.get(KEY) instanceof RocksMemory memory)) {
        throw new IllegalArgumentException("the Streams configuration lacks " + KEY);
      }
      BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
      table.setBlockCache(memory.cache);
      table.setCacheIndexAndFilterBlocks(true);
      table.setCacheIndexAndFilterBlocksWithHighPriority(true);
      table.setIndexType(IndexType.kTwoLevelIndexSearch);
      table.setPartitionFilters(true);
      table.setPinTopLevelIndexAndFilter(true);
      table.setMetadataBlockSize(METADATA_BLOCK);
      table.setIndexBlockRestartInterval(INDEX_RESTART);
      if (store.equals(LifecycleProcessor.DEADLINES)) {
        // It is scanned and written, and no key is looked up.
        table.setFilterPolicy(null);
      }
      options.setTableFormatConfig(table);
      // Kafka Streams leaves out the filters of the last level, which has most keys; but every new
      // message is looked up and not found.
      options.setOptimizeFiltersForHits(false);
      options.setStatistics(memory.statistics);
      options.setWriteBufferManager(memory.buffers);
      options.setWriteBufferSize(ONE_BUFFER);
      options.setArenaBlockSize(ARENA_BLOCK);
      options.setMaxWriteBufferNumber(BUFFERS_PER_STORE);
    }

    /** Does nothing: the memory is shared by all stores. */
    @Override
    public void close(String store, Options options) {}
  }
}
