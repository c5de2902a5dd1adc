package io.postflight.devstack.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The child's side of a {@link ChildJvm}: lines from standard input and to standard output. What
 * other code prints to standard output goes to standard error. The process ends at once when the
 * parent closes its end or is gone.
 */
public final class ParentConnection {
  /** Begins each line that is sent, since the JVM itself and agents print to the same stream. */
  static final String MARK = "reply: ";

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final PrintStream toParent;

  private ParentConnection(PrintStream toParent) {
    this.toParent = toParent;
  }

  /** Opens it; called once, first of all. */
  public static ParentConnection open() {
    ParentConnection parent = new ParentConnection(System.out);
    System.setOut(System.err);
    Thread reader = new Thread(parent::read, "parent-connection");
    reader.setDaemon(true);
    reader.start();
    return parent;
  }

  /** The next line that the parent sends, awaited. */
  public String receive() throws InterruptedException {
    return received.take();
  }

  /** Sends a line. */
  public synchronized void send(String line) {
    toParent.println(MARK + line);
    toParent.flush();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        received.add(line);
      }
    } catch (IOException broken) {
      // As at the end of input.
    }
    Runtime.getRuntime().halt(0);
  }
}
