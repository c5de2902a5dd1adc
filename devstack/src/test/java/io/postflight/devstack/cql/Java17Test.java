package io.postflight.devstack.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Java17Test {
  @TempDir Path directory;
  private Path java21 = Path.of("");

  @BeforeEach
  void aNewerJavaRunsThisProgram() throws IOException {
    java21 = javaHome("jdk-21", "21.0.2");
  }

  @Test
  void the_variable_takes_precedence() throws IOException {
    Path named = javaHome("named", "17.0.9");
    Path other = javaHome("other", "17.0.10");
    assertThat(lookup(Map.of("POSTFLIGHT_JAVA17", named.toString(), "JAVA_HOME", other.toString())))
        .isEqualTo(named.resolve("bin/java"));
  }

  @Test
  void a_named_one_of_another_version_is_refused_by_name() {
    assertThatThrownBy(() -> lookup(Map.of("POSTFLIGHT_JAVA17", java21.toString())))
        .isInstanceOf(Java17MissingException.class)
        .hasMessageContaining("POSTFLIGHT_JAVA17")
        .hasMessageContaining(java21.toString());
  }

  @Test
  void is_found_in_the_usual_places() throws IOException {
    Path found = javaHome("java-17-openjdk", "17");
    assertThat(lookup(Map.of("JAVA_HOME", java21.toString()))).isEqualTo(found.resolve("bin/java"));
  }

  @Test
  void without_a_java_17_the_message_names_the_package_to_install() {
    assertThatThrownBy(() -> lookup(Map.of()))
        .isInstanceOf(Java17MissingException.class)
        .hasMessageContaining("openjdk-17")
        .hasMessageContaining("POSTFLIGHT_JAVA17");
  }

  private Path lookup(Map<String, String> environment) {
    return new Java17(environment::get, java21, List.of(directory)).command();
  }

  private Path javaHome(String name, String version) throws IOException {
    Path home = directory.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Path java = Files.writeString(home.resolve("bin/java"), "");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return home;
  }
}
