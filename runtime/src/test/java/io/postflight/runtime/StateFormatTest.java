package io.postflight.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.operations.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFormatTest {
  @TempDir Path directory;

  @Test
  void a_new_directory_and_one_of_this_version_are_accepted() throws IOException {
    Path created = directory.resolve("new/topology");

    StateFormat.require(created);
    Files.createDirectories(created.resolve("postflight-topology/0_1"));
    StateFormat.require(created);

    assertThat(created.resolve("format")).hasContent("1");
  }

  @Test
  void a_volume_without_state_is_accepted() throws IOException {
    Files.createDirectory(directory.resolve("lost+found"));
    Files.createDirectory(directory.resolve("native"));
    Files.createFile(directory.resolve("format")); // of a process that was killed as it wrote it

    StateFormat.require(directory);

    assertThat(directory.resolve("format")).hasContent("1");
  }

  @Test
  void state_of_another_version_is_refused() throws IOException {
    Files.writeString(directory.resolve("format"), "7\n");

    assertRefused("has state of format 7; this version requires format 1");
  }

  @Test
  void state_without_a_version_is_refused() throws IOException {
    Files.createDirectories(directory.resolve("postflight-topology/0_1"));

    assertRefused("has state of an earlier format; this version requires format 1");
    assertThat(directory.resolve("format")).doesNotExist();
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> StateFormat.require(directory))
        .isInstanceOf(OperationException.class)
        .hasMessageContainingAll(directory.toString(), reason, "delete the directory");
  }
}
