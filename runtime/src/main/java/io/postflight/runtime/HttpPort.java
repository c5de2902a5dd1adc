package io.postflight.runtime;

import io.postflight.operations.OperationException;
import io.postflight.settings.DeploymentSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Checks the HTTP port of a process before anything is started. */
public final class HttpPort {
  private static final int MAX = 65_535;
  private static final String OPTION = "--port";

  private HttpPort() {}

  /**
   * Settings with HTTP on the port that the user gave.
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
   * @param port the port that the user gave; null: that of the settings if it is free, else any
   * @throws OperationException if it is no port, or in use
   */
  public static DeploymentSettings withFreePort(
      @Nullable Integer port, DeploymentSettings settings) {
    DeploymentSettings wanted = withPort(port, settings);
    if (port == null && !isFree(settings.http().host(), settings.http().port())) {
      return settings.servingOn(0);
    }
    requireFree(wanted, OPTION);
    return wanted;
  }

  /**
   * Rejects a port that is in use.
   *
   * @param setting option or key of another port
   */
  public static void requireFree(DeploymentSettings settings, String setting) {
    int port = settings.http().port();
    if (!isFree(settings.http().host(), port)) {
      throw OperationException.usage(
          "port "
              + port
              + " is in use: stop the process that uses it, or pass another port with "
              + setting);
    }
  }

  private static boolean isFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
