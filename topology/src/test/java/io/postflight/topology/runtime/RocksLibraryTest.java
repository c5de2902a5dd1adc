package io.postflight.topology.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;

class RocksLibraryTest {
  @TempDir Path stateDir;

  @Test
  void a_truncated_library_is_extracted_again() throws IOException {
    Path library = extracted();
    long complete = Files.size(library);
    try (FileChannel file = FileChannel.open(library, StandardOpenOption.WRITE)) {
      file.truncate(complete / 2);
    }

    assertThat(extracted()).isEqualTo(library).hasSize(complete);
  }

  @Test
  void without_a_usable_state_directory_the_library_is_loaded_from_elsewhere() throws IOException {
    Path file = Files.createFile(stateDir.resolve("not-a-directory"));

    RocksLibrary.load(file);

    assertThat(RocksDB.rocksdbVersion()).isNotNull();
  }

  private Path extracted() throws IOException {
    Path directory = Objects.requireNonNull(RocksLibrary.extracted(stateDir));
    try (Stream<Path> files = Files.list(directory)) {
      return files.findFirst().orElseThrow();
    }
  }
}
