package io.postflight.devstack.cql;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds a Java 17: the server needs a SecurityManager, which newer versions do not support. */
final class Java17 {
  /** Environment variable with the home of a Java 17; takes precedence over other locations. */
  static final String VARIABLE = "POSTFLIGHT_JAVA17";

  private static final Pattern VERSION_17 = Pattern.compile("(?m)^JAVA_VERSION=\"17(\\.|\")");

  private final UnaryOperator<@Nullable String> environment;
  private final Path ownHome;
  private final List<Path> parents;

  Java17(UnaryOperator<@Nullable String> environment, Path ownHome, List<Path> parents) {
    this.environment = environment;
    this.ownHome = ownHome;
    this.parents = parents;
  }

  /** Searches the usual locations. */
  static Java17 onThisMachine() {
    Path home = Path.of(System.getProperty("user.home"));
    return new Java17(
        name -> name == null ? null : System.getenv(name),
        Path.of(System.getProperty("java.home")),
        List.of(
            Path.of("/usr/lib/jvm"),
            Path.of("/usr/java"),
            Path.of("/opt"),
            Path.of("/opt/java"),
            Path.of("/Library/Java/JavaVirtualMachines"),
            home.resolve(".sdkman/candidates/java"),
            home.resolve(".jdks"),
            home.resolve("Library/Java/JavaVirtualMachines")));
  }

  /**
   * Path of the {@code java} command.
   *
   * @throws Java17MissingException if there is none, or {@value #VARIABLE} names something else
   */
  Path command() {
    String named = environment.apply(VARIABLE);
    if (named != null && !named.isBlank()) {
      Path home = Path.of(named);
      if (!is17(home)) {
        throw new Java17MissingException(
            VARIABLE + " is '" + named + "', which is not the home of a Java 17");
      }
      return java(home);
    }
    for (Path home : candidates()) {
      if (is17(home)) {
        return java(home);
      }
    }
    throw new Java17MissingException(
        "the embedded CQL server (Apache Cassandra 5.0) needs a Java 17 and none was found:"
            + " install one (Debian and Ubuntu: openjdk-17-jre-headless, Fedora:"
            + " java-17-openjdk-headless, macOS: brew install openjdk@17) or set "
            + VARIABLE
            + " to its home");
  }

  private List<Path> candidates() {
    List<Path> homes = new ArrayList<>();
    homes.add(ownHome);
    String javaHome = environment.apply("JAVA_HOME");
    if (javaHome != null && !javaHome.isBlank()) {
      homes.add(Path.of(javaHome));
    }
    for (Path parent : parents) {
      if (Files.isDirectory(parent)) {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, "*17*")) {
          for (Path child : children) {
            homes.add(child);
            homes.add(child.resolve("Contents/Home"));
          }
        } catch (IOException unreadable) {
          // An unreadable location is skipped.
        }
      }
    }
    return homes;
  }

  private static boolean is17(Path home) {
    Path release = home.resolve("release");
    try {
      return Files.isExecutable(java(home))
          && Files.isRegularFile(release)
          && VERSION_17.matcher(Files.readString(release)).find();
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static Path java(Path home) {
    return home.resolve("bin/java");
  }
}
