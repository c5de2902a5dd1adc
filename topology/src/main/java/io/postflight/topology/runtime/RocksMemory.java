package io.postflight.topology.runtime;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Memory shared by all RocksDB stores of one instance. By default each store of each partition uses
 * up to 50 MB of cache and three buffers of 16 MB, so that memory grows with the partitions.
 */
public final class RocksMemory implements AutoCloseable {
  /** Key of the instance in the Streams configuration. */
  public static final String KEY = "postflight.rocksdb.memory";

  private static final long ONE_BUFFER = 8 * 1024 * 1024;
  private static final int BUFFERS_PER_STORE = 2;

  private final Cache cache;
  private final WriteBufferManager buffers;

  /**
   * @param cacheBytes of blocks, indexes, filters and write buffers together
   * @param bufferBytes of write buffers alone, counted against the cache
   */
  public RocksMemory(long cacheBytes, long bufferBytes) {
    RocksDB.loadLibrary();
    cache = new LRUCache(cacheBytes);
    buffers = new WriteBufferManager(bufferBytes, cache);
  }

  /** Called after all stores are closed. */
  @Override
  public void close() {
    buffers.close();
    cache.close();
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
      table.setPinTopLevelIndexAndFilter(true);
      options.setTableFormatConfig(table);
      options.setWriteBufferManager(memory.buffers);
      options.setWriteBufferSize(ONE_BUFFER);
      options.setMaxWriteBufferNumber(BUFFERS_PER_STORE);
    }

    /** Does nothing: the memory is shared by all stores. */
    @Override
    public void close(String store, Options options) {}
  }
}
