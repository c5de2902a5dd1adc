package io.postflight.devstack.cql;

import java.io.IOException;

/**
 * Main class of the child process: runs another main class and ends with its parent.
 *
 * <p>The parent holds the other end of standard input. When that end closes, because the parent
 * says so or because it is gone for whatever reason (kill -9 too), this process exits in order.
 * Signals that a terminal or a supervisor sends to the whole process group are ignored: the parent
 * needs its database until its own shutdown is over.
 *
 * <p>This class runs on the server's class path, where nothing else of ours is: it uses the JDK
 * only, and is one class file.
 */
public final class TetheredMain {
  private TetheredMain() {}

  /**
   * Runs the main class named by the first argument.
   *
   * @param args name of the main class to run
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    for (String signal : new String[] {"INT", "TERM", "HUP"}) {
      ignore(signal);
    }
    Thread tether = new Thread(TetheredMain::exitAtEndOfInput, "tether");
    tether.setDaemon(true);
    tether.start();
    Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
  }

  private static void exitAtEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Whatever is written is of no interest, only the end is.
      }
    } catch (IOException broken) {
      // As good as the end.
    }
    System.exit(0);
  }

  /** By reflection, since the compiler warns of every direct use of these classes. */
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
