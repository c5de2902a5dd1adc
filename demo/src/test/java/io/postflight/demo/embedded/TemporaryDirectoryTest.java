package io.postflight.demo.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.operations.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {
  @TempDir Path parent;

  @Test
  void one_that_a_killed_process_left_is_removed_by_the_next() throws IOException {
    Path left = parent.resolve("postflight-bench-1");
    Files.createDirectories(left.resolve("data"));
    Files.createFile(left.resolve("owner"));
    Files.createFile(left.resolve("data/segment"));

    try (TemporaryDirectory next = create("postflight-bench-")) {
      assertThat(parent).isDirectoryNotContaining(each -> each.equals(left));
      assertThat(next.path()).isDirectory();
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void one_in_use_kept_logs_and_others_stay() throws IOException {
    Path other = Files.createDirectories(parent.resolve("postflight-other-1"));
    Files.createFile(other.resolve("owner"));
    Path log;
    Path ofRole;
    Path data;
    try (TemporaryDirectory failed = create("postflight-bench-")) {
      log = Files.createFile(failed.path().resolve("postflight.log"));
      ofRole = Files.createFile(failed.path().resolve("sink-0.log"));
      data = Files.createDirectories(failed.path().resolve("kafka")).resolve("0.log");
      Files.createFile(data);
      failed.keepLogs(true);
    }

    try (TemporaryDirectory used = create("postflight-bench-");
        TemporaryDirectory next = create("postflight-bench-")) {
      assertThat(used.path()).isNotEqualTo(next.path()).isDirectory();
      assertThat(log).exists();
      assertThat(ofRole).exists();
      assertThat(data.getParent()).doesNotExist();
      assertThat(other).isDirectory();
    }
  }

  @Test
  void it_can_be_a_data_directory() throws IOException {
    try (TemporaryDirectory temporary = create("postflight-demo-");
        DataDirectory data = DataDirectory.take(temporary.path())) {
      assertThat(data.path()).isEqualTo(temporary.path());
    }
    assertThat(parent).isEmptyDirectory();
  }

  private TemporaryDirectory create(String prefix) throws IOException {
    return TemporaryDirectory.create(parent, prefix, Progress.SILENT);
  }
}
