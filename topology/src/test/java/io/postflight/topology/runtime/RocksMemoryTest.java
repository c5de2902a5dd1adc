package io.postflight.topology.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksMemoryTest {
  private static final long MIB = 1024 * 1024;

  @TempDir Path directory;

  @Test
  void a_store_with_one_record_takes_a_small_part_of_the_write_buffers() throws RocksDBException {
    try (RocksMemory memory = new RocksMemory(8 * MIB, 4 * MIB);
        Options options = new Options()) {
      options.setCreateIfMissing(true);
      options.setTableFormatConfig(new BlockBasedTableConfig());
      new RocksMemory.Setter().setConfig("lifecycles", options, Map.of(RocksMemory.KEY, memory));

      try (RocksDB store = RocksDB.open(options, directory.toString())) {
        store.put("key".getBytes(StandardCharsets.UTF_8), new byte[500]);

        assertThat(store.getLongProperty("rocksdb.cur-size-active-mem-table"))
            .isPositive()
            .isLessThan(4 * MIB / 64);
      }
    }
  }
}
