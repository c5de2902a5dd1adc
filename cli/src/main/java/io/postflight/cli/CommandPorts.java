package io.postflight.cli;

import io.postflight.operations.OperationException;

/** Ports as they are given on the command line. */
final class CommandPorts {
  private static final int MOST = 65_535;

  private CommandPorts() {}

  /**
   * The port itself.
   *
   * @throws OperationException if it is none
   */
  static int checked(int port) {
    if (port < 0 || port > MOST) {
      throw OperationException.usage("--port " + port + " is not a port; allowed: 0 to " + MOST);
    }
    return port;
  }
}
