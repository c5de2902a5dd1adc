package io.postflight.devstack.cql;

import java.io.IOException;

/**
 * Main class of the child process: runs another main class and exits when its parent does.
 *
 * <p>The parent holds the other end of standard input. When that end is closed, by the parent or
 * because the parent is gone for any reason (including kill -9), this process shuts down. Signals
 * that a terminal or a supervisor sends to the whole process group are ignored: the parent needs
 * its database until its own shutdown is complete.
 *
 * <p>This class runs on the server's class path, which contains no other class of this project: it
 * uses the JDK only, and is a single class file.
 */
public final class ParentWatchdog {
  private ParentWatchdog() {}

  /**
   * Runs the main class named by the first argument.
   *
   * @param args name of the main class to run
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    for (String signal : new String[] {"INT", "TERM", "HUP"}) {
      ignore(signal);
    }
    Thread watchdog = new Thread(ParentWatchdog::exitAtEndOfInput, "parent-watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
    Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
  }

  private static void exitAtEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Input is ignored; only its end matters.
      }
    } catch (IOException broken) {
      // Treated as the end of input.
    }
    System.exit(0);
  }

  /** By reflection, since the compiler warns about every direct use of these classes. */
  private static void ignore(String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    signal
        .getMethod("handle", signal, handler)
        .invoke(
            null,
            signal.getConstructor(String.class).newInstance(name),
            handler.getField("SIG_IGN").get(null));
  }
}
