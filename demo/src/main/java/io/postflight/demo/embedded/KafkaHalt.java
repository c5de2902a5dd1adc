package io.postflight.demo.embedded;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.apache.kafka.common.utils.internals.Exit;

/**
 * Ends this process in place of the embedded Kafka, which halts it silently when its directory
 * fails, as on a full disk. The reason is printed, and no child process remains. Data is as after
 * kill -9.
 */
final class KafkaHalt implements Exit.Procedure {
  private static final long BYTES_OF_MIB = 1L << 20;
  private static final long END_SECONDS = 5;

  private final Path directory;
  private final PrintStream err;
  private final IntConsumer halt;

  KafkaHalt(Path directory, PrintStream err, IntConsumer halt) {
    this.directory = directory;
    this.err = err;
    this.halt = halt;
  }

  /** From now on, for the stack in a directory. */
  static void install(Path directory) {
    Exit.setHaltProcedure(
        new KafkaHalt(directory, System.err, code -> Runtime.getRuntime().halt(code)));
  }

  @Override
  public synchronized void execute(int code, String message) {
    Path kafka = directory.resolve("kafka");
    err.println(
        "postflight: Kafka cannot use "
            + kafka
            + ", where "
            + kafka.toFile().getUsableSpace() / BYTES_OF_MIB
            + " MiB are free, so the stack ends; see "
            + directory.resolve("postflight.log"));
    List<ProcessHandle> children = ProcessHandle.current().children().toList();
    children.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle child : children) {
      child.onExit().completeOnTimeout(child, END_SECONDS, TimeUnit.SECONDS).join();
    }
    halt.accept(code);
  }
}
