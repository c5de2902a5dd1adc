package io.postflight.devstack.cql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The configuration files of a node, written to its data directory at each start. */
final class NodeFiles {
  private static final int LARGE_HEAP_MEGABYTES = 2_048;
  private static final String DAEMON = "org.apache.cassandra.service.CassandraDaemon";

  private static final List<String> EXPORTS =
      List.of(
          "java.base/jdk.internal.misc",
          "java.base/java.lang.ref",
          "java.management.rmi/com.sun.jmx.remote.internal.rmi",
          "java.rmi/sun.rmi.registry",
          "java.rmi/sun.rmi.server",
          "java.sql/java.sql",
          "jdk.unsupported/sun.misc",
          "jdk.attach/sun.tools.attach");

  private static final List<String> OPENS =
      List.of(
          "java.base/java.lang.module",
          "java.base/jdk.internal.loader",
          "java.base/jdk.internal.ref",
          "java.base/jdk.internal.reflect",
          "java.base/jdk.internal.math",
          "java.base/jdk.internal.module",
          "java.base/jdk.internal.util.jar",
          "java.base/sun.nio.ch",
          "java.base/java.io",
          "java.base/java.lang.reflect",
          "java.base/java.lang",
          "java.base/java.util",
          "java.base/java.nio",
          "jdk.management/com.sun.management.internal");

  private final CassandraSettings settings;
  private final Path configuration;

  NodeFiles(CassandraSettings settings) {
    this.settings = settings;
    this.configuration = settings.dataDirectory().resolve("conf");
  }

  Path log() {
    return settings.dataDirectory().resolve("cassandra.log");
  }

  Path processId() {
    return settings.dataDirectory().resolve("cassandra.pid");
  }

  Path ports() {
    return settings.dataDirectory().resolve("ports.properties");
  }

  /**
   * Writes all files and returns the argument file for the {@code java} command. Its path in the
   * command line identifies the process of this node.
   */
  Path write(NodePorts ports) throws IOException {
    Files.createDirectories(configuration);
    Files.createDirectories(temporary());
    Files.writeString(configuration.resolve("cassandra.yaml"), yaml(ports));
    Files.writeString(configuration.resolve("logback.xml"), resource("cassandra-logback.xml"));
    Path classes = writeMainClass();
    Files.writeString(
        argumentFile(),
        arguments(classes).stream().map(NodeFiles::quoted).collect(Collectors.joining("\n")));
    return argumentFile();
  }

  Path argumentFile() {
    return configuration.resolve("java.args");
  }

  private Path temporary() {
    return settings.dataDirectory().resolve("tmp");
  }

  private List<String> arguments(Path classes) throws IOException {
    List<String> arguments = new ArrayList<>();
    int heap = settings.server().heapMegabytes();
    // A small node takes little memory; a large heap would stop for too long as it grows.
    arguments.add(heap < LARGE_HEAP_MEGABYTES ? "-Xms96m" : "-Xms" + heap + "m");
    arguments.add("-Xmx" + heap + "m");
    arguments.add("-XX:MaxDirectMemorySize=" + heap / 2 + "m");
    arguments.add(heap < LARGE_HEAP_MEGABYTES ? "-XX:+UseSerialGC" : "-XX:+UseG1GC");
    if (settings.server().lifetime() != CassandraSettings.Lifetime.LONG) {
      arguments.add("-XX:TieredStopAtLevel=1");
      arguments.add("-XX:+UnlockDiagnosticVMOptions");
      arguments.add("-XX:-BytecodeVerificationRemote");
    }
    arguments.add("-XX:-UsePerfData");
    arguments.add("-XX:+ExitOnOutOfMemoryError");
    for (String exported : EXPORTS) {
      arguments.add("--add-exports=" + exported + "=ALL-UNNAMED");
    }
    for (String opened : OPENS) {
      arguments.add("--add-opens=" + opened + "=ALL-UNNAMED");
    }
    arguments.add("-Djdk.attach.allowAttachSelf=true");
    arguments.add("-Dio.netty.tryReflectionSetAccessible=true");
    arguments.add("-Djava.io.tmpdir=" + temporary());
    arguments.add("-Djna.tmpdir=" + temporary());
    arguments.add("-Dlogback.configurationFile=" + configuration.resolve("logback.xml"));
    arguments.add("-Dcassandra.config=" + configuration.resolve("cassandra.yaml").toUri());
    arguments.add("-Dcassandra.storagedir=" + settings.dataDirectory());
    arguments.add("-Dcassandra-foreground=yes");
    arguments.add("-Dcassandra.jmx.local.port=0");
    arguments.add("-Dcassandra.skip_wait_for_gossip_to_settle=0");
    // How long a node awaits the first response of its seed; a seed awaits none.
    arguments.add("-Dcassandra.ring_delay_ms=" + (settings.network().isSeed() ? 0 : 30_000));
    // A node that missed a schema change while joining requests it soon.
    arguments.add("-Dcassandra.schema_pull_interval_ms=1000");
    arguments.add("-Dcassandra.superuser_setup_delay_ms=0");
    arguments.add("-Dcassandra.shutdown_announce_in_ms=0");
    arguments.add("-Dcassandra.memtable.row_overhead_size=180");
    arguments.add("-Dcassandra.disk_usage.monitor_interval_ms=500");
    arguments.add("-Dcassandra.consistent.rangemovement=false");
    if (settings.server().lifetime() == CassandraSettings.Lifetime.ONE_PROCESS) {
      arguments.add("-Dcassandra.unsafesystem=true");
    }
    arguments.add("-cp");
    arguments.add(classPath(classes));
    arguments.add(ParentWatchdog.class.getName());
    arguments.add(DAEMON);
    return arguments;
  }

  /** Jars sorted by name, so that the class path is the same on every machine. */
  private String classPath(Path classes) throws IOException {
    List<String> entries = new ArrayList<>();
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(settings.libraryDirectory(), "*.jar")) {
      jars.forEach(jar -> entries.add(jar.toString()));
    }
    entries.sort(null);
    entries.add(0, classes.toString());
    return String.join(":", entries);
  }

  private Path writeMainClass() throws IOException {
    String name = ParentWatchdog.class.getName().replace('.', '/') + ".class";
    Path classes = configuration.resolve("classes");
    Path target = classes.resolve(name);
    Files.createDirectories(target.resolveSibling("."));
    try (InputStream in = ParentWatchdog.class.getResourceAsStream("ParentWatchdog.class")) {
      if (in == null) {
        throw new IOException(name + " is not on the class path");
      }
      Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
    }
    return classes;
  }

  private String yaml(NodePorts ports) throws IOException {
    String token =
        settings.network().initialToken().map(text -> "initial_token: '" + text + "'").orElse("");
    String yaml =
        resource("cassandra.yaml")
            .replace("${directory}", settings.dataDirectory().toString())
            .replace("${address}", settings.network().address())
            .replace("${seed}", settings.network().seed())
            .replace("${cqlPort}", Integer.toString(ports.cql()))
            .replace("${storagePort}", Integer.toString(ports.storage()))
            .replace("${initialToken}", token);
    for (Map.Entry<String, String> option : settings.server().options().entrySet()) {
      yaml = withOption(yaml, option.getKey() + ": " + option.getValue(), option.getKey());
    }
    return yaml;
  }

  private static String withOption(String yaml, String line, String key) {
    Matcher existing = Pattern.compile("(?m)^" + key + ":.*$").matcher(yaml);
    return existing.find()
        ? existing.replaceFirst(Matcher.quoteReplacement(line))
        : yaml + '\n' + line + '\n';
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = NodeFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("resource " + name + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String quoted(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
