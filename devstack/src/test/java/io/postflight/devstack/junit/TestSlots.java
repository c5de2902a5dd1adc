package io.postflight.devstack.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Limits how many JVMs run tests at the same time, over all modules of a build that builds several
 * at once: one module compiles while another is tested, but its tests wait for a slot. A slot is
 * the lock of a file, which the operating system releases at the end of a JVM, however it ends. A
 * JVM holds it for one test class, so that the module that others wait for is not held up by one
 * that began before.
 */
public final class TestSlots implements TestExecutionListener {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Of this JVM; held while test plans, which may be nested, are executed. */
  private static @Nullable FileChannel slot;

  private static int plans;

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    started(System.getProperty("postflight.root"), Integer.getInteger("postflight.forks", 0));
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    finished();
  }

  /** Outside of a build there is no limit. */
  private static synchronized void started(@Nullable String root, int slots) {
    plans++;
    if (root != null && slots > 0 && plans == 1) {
      Path directory = Path.of(root, "target", "test-slots");
      try {
        Files.createDirectories(directory);
        slot = free(directory, slots);
        while (slot == null) {
          LockSupport.parkNanos(PAUSE_NANOS);
          slot = free(directory, slots);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static @Nullable FileChannel free(Path directory, int slots) throws IOException {
    for (int i = 0; i < slots; i++) {
      FileChannel channel =
          FileChannel.open(
              directory.resolve(Integer.toString(i)),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
      channel.close();
    }
    return null;
  }

  private static synchronized void finished() {
    plans--;
    if (slot != null && plans == 0) {
      try {
        slot.close();
        slot = null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
