package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The two archives that are released, as the build has just made them. */
@Tag("distribution")
@EnabledIfSystemProperty(named = "postflight.version", matches = ".+")
class DistributionTest {
  private static final String VERSION = System.getProperty("postflight.version", "unknown");

  /** Packages of Kafka's broker, the CQL server, the embedded registry and the simulator. */
  private static final List<String> SERVERS =
      List.of(
          "kafka/server/",
          "org/apache/kafka/server/log/",
          "org/apache/kafka/raft/",
          "org/apache/kafka/controller/",
          "org/apache/kafka/coordinator/",
          "org/apache/cassandra/",
          "scala/",
          "io/postflight/devstack/");

  @TempDir static Path directory;

  private static Path production;
  private static Path development;

  @BeforeAll
  static void unpack() throws Exception {
    production = unpacked("postflight-" + VERSION);
    development = unpacked("postflight-dev-" + VERSION);
  }

  @Test
  void production_has_the_command_its_libraries_and_its_configuration() throws Exception {
    assertThat(names(production)).containsExactly("LICENSE", "bin", "config", "lib");
    assertThat(directories(production.resolve("lib"))).containsExactly("native");
    assertThat(names(production.resolve("lib/native"))).containsExactly("aarch64", "x86_64");
    assertThat(names(jars(production.resolve("lib"))))
        .as("needed by Kafka's clients for OAUTHBEARER")
        .anyMatch(jar -> jar.startsWith("jose4j-"));
  }

  @Test
  void production_has_no_broker_no_cql_server_no_registry_and_no_simulator() throws Exception {
    List<String> found = new ArrayList<>();
    for (Path jar : jars(production.resolve("lib"))) {
      try (JarFile file = new JarFile(jar.toFile())) {
        file.stream()
            .map(entry -> entry.getName())
            .filter(name -> SERVERS.stream().anyMatch(name::startsWith))
            .limit(1)
            .forEach(name -> found.add(jar.getFileName() + ": " + name));
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void development_has_the_same_and_the_servers_besides() throws Exception {
    Set<String> added = names(jars(development.resolve("lib/dev")));

    assertThat(names(jars(development.resolve("lib"))))
        .isEqualTo(names(jars(production.resolve("lib"))));
    assertThat(added)
        .anyMatch(jar -> jar.startsWith("postflight-devstack-"))
        .anyMatch(jar -> jar.startsWith("postflight-bench-"))
        .anyMatch(jar -> jar.startsWith("kafka_2.13-"))
        .doesNotContainAnyElementsOf(names(jars(production.resolve("lib"))));
    assertThat(names(jars(development.resolve("lib/cassandra"))))
        .anyMatch(jar -> jar.startsWith("cassandra-all-"));
  }

  @Test
  void no_library_is_there_in_two_versions() throws Exception {
    for (String lib : List.of("lib", "lib/dev", "lib/cassandra")) {
      assertThat(jars(development.resolve(lib)).stream().map(DistributionTest::withoutVersion))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void a_command_that_needs_embedded_servers_names_the_other_archive_in_production()
      throws Exception {
    for (String command : List.of("dev", "demo", "drill --tier 30d", "bench sink")) {
      Path output = directory.resolve("output");
      List<String> line = new ArrayList<>(List.of(production.resolve("bin/postflight").toString()));
      line.addAll(List.of(command.split(" ", -1)));
      ProcessBuilder builder =
          new ProcessBuilder(line)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("POSTFLIGHT_"));
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("POSTFLIGHT_CACHE_DIR", directory.resolve("cache").toString());

      assertThat(builder.start().waitFor()).isEqualTo(2);
      assertThat(Files.readString(output, StandardCharsets.UTF_8).lines())
          .singleElement()
          .asString()
          .contains("postflight-dev-" + VERSION + ".tar.gz");
    }
  }

  private static Path unpacked(String name) throws Exception {
    Path archive =
        Path.of(System.getProperty("postflight.root", ".."), "cli", "target", name + ".tar.gz");
    assertThat(
            new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", directory.toString())
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
    return directory.resolve(name);
  }

  private static String withoutVersion(Path jar) {
    return String.valueOf(jar.getFileName()).replaceFirst("-[0-9][0-9.]*(?=[-.])", "");
  }

  private static List<Path> jars(Path lib) throws IOException {
    try (Stream<Path> files = Files.list(lib)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static Set<String> names(Collection<Path> files) {
    return files.stream()
        .map(file -> String.valueOf(file.getFileName()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return names(files.toList());
    }
  }

  private static List<String> directories(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files
          .filter(Files::isDirectory)
          .map(each -> Objects.requireNonNull(each.getFileName()).toString())
          .sorted()
          .toList();
    }
  }
}
