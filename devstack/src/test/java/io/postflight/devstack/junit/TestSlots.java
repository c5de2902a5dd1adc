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
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Limits how many JVMs run tests at the same time, over all modules of a build that builds several
 * at once: one module compiles while another is tested, but its tests wait for a slot. A slot is
 * the lock of a file, which the operating system releases at the end of a JVM, however it ends.
 */
public final class TestSlots implements LauncherSessionListener {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Of this JVM; held while sessions are open. */
  private static @Nullable FileChannel slot;

  private static int sessions;

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    opened(System.getProperty("postflight.root"), Integer.getInteger("postflight.forks", 0));
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    closed();
  }

  /** Outside of a build there is no limit. */
  private static synchronized void opened(@Nullable String root, int slots) {
    sessions++;
    if (root != null && slots > 0 && sessions == 1) {
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

  private static synchronized void closed() {
    sessions--;
    if (slot != null && sessions == 0) {
      try {
        slot.close();
        slot = null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
