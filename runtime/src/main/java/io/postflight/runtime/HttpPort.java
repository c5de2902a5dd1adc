package io.postflight.runtime;

import io.postflight.api.http.HttpSettings;
import io.postflight.operations.OperationException;
import io.postflight.settings.DeploymentSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Checks the ports of a process before anything is started. */
public final class HttpPort {
  private static final int MAX = 65_535;
  private static final String OPTION = "--port";

  /** The operating system's message. */
  private static final String IN_USE = "in use";

  private HttpPort() {}

  /**
   * Settings with HTTP on the given port.
   *
   * @param port null: that of the settings
   * @throws OperationException if it is no port
   */
  public static DeploymentSettings withPort(@Nullable Integer port, DeploymentSettings settings) {
    if (port == null) {
      return settings;
    }
    if (port < 0 || port > MAX) {
      throw OperationException.usage("--port " + port + " is not a port; allowed: 0 to " + MAX);
    }
    return settings.servingOn(port);
  }

  /**
   * Settings with HTTP on a port that is free.
   *
   * @param port the given port; null: that of the settings if it is free, else any
   * @throws OperationException if it is no port, or cannot be used
   */
  public static DeploymentSettings withFreePort(
      @Nullable Integer port, DeploymentSettings settings) {
    DeploymentSettings requested = withPort(port, settings);
    if (port == null && isInUse(settings.http().host(), settings.http().port())) {
      requested = settings.servingOn(0);
    }
    requireFree(requested, OPTION);
    return requested;
  }

  /**
   * Rejects the ports of the API and of the status server if they cannot be used.
   *
   * @param setting option or key of another port of the API
   */
  public static void requireFree(DeploymentSettings settings, String setting) {
    requireFree("http.host", settings.http().host(), settings.http().port(), setting);
    requireStatusPortFree(settings);
  }

  /** Rejects the port of the status server if it cannot be used. */
  public static void requireStatusPortFree(DeploymentSettings settings) {
    HttpSettings http = settings.http();
    http.statusPort()
        .ifPresent(
            port -> requireFree("http.statusHost", http.statusHost(), port, "http.statusPort"));
  }

  private static void requireFree(String key, String host, int port, String setting) {
    String problem = problem(host, port);
    if (problem.contains(IN_USE)) {
      throw OperationException.usage(
          "port "
              + port
              + " is in use: stop the process that uses it, or pass another port with "
              + setting);
    }
    if (!problem.isEmpty()) {
      throw OperationException.usage(
          key + ' ' + host + ", port " + port + " (" + setting + "): " + problem);
    }
  }

  private static boolean isInUse(String host, int port) {
    return problem(host, port).contains(IN_USE);
  }

  /** Why no socket can listen there; empty: one can. */
  private static String problem(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return "";
    } catch (UnknownHostException unknown) {
      return "the host name cannot be resolved";
    } catch (IOException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
