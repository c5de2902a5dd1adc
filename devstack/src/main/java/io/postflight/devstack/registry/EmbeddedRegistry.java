package io.postflight.devstack.registry;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A schema registry in this JVM for Avro schemas.
 *
 * <p>It implements the requests of the Confluent Schema Registry REST API that register, look up,
 * read and check schemas, with the same error codes, and checks BACKWARD compatibility by default.
 * Ids survive a restart: each registration is on disk before the response. Schemas with references,
 * and types other than Avro, are rejected with 42201.
 */
public final class EmbeddedRegistry implements AutoCloseable {
  private static final String JOURNAL = "schemas.journal";

  private final HttpServer server;
  private final ExecutorService executor;
  private final RegisteredSubjects subjects;

  private EmbeddedRegistry(
      HttpServer server, ExecutorService executor, RegisteredSubjects subjects) {
    this.server = server;
    this.executor = executor;
    this.subjects = subjects;
  }

  /** Starts a registry on a free port; see {@link #start(Path, int)}. */
  public static EmbeddedRegistry start(Path journalDirectory) {
    return start(journalDirectory, 0);
  }

  /**
   * Starts a registry on 127.0.0.1 with the schemas in its journal.
   *
   * @param preferredPort the port if it is free, else another; 0: any free port
   * @throws UncheckedIOException if the journal cannot be read, or is damaged before its last line
   */
  public static EmbeddedRegistry start(Path journalDirectory, int preferredPort) {
    JsonMapper json = JsonMapper.builder().build();
    try {
      RegisteredSubjects subjects =
          new RegisteredSubjects(Journal.open(journalDirectory.resolve(JOURNAL), json), json);
      HttpServer server = bind(preferredPort);
      ExecutorService executor =
          Executors.newFixedThreadPool(
              4,
              task -> {
                Thread thread = new Thread(task, "embedded-registry");
                thread.setDaemon(true);
                return thread;
              });
      server.setExecutor(executor);
      server.createContext("/", new RegistryHandler(subjects, json));
      server.start();
      return new EmbeddedRegistry(server, executor, subjects);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the registry in " + journalDirectory, e);
    }
  }

  /** Base address for clients: {@code http://127.0.0.1:<port>}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Stops the server; the journal is kept. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
    try {
      subjects.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the registry's journal", e);
    }
  }

  private static HttpServer bind(int preferredPort) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    if (preferredPort != 0) {
      try {
        return HttpServer.create(new InetSocketAddress(loopback, preferredPort), 0);
      } catch (BindException taken) {
        // The port is in use: fall back to any free port.
      }
    }
    return HttpServer.create(new InetSocketAddress(loopback, 0), 0);
  }
}
