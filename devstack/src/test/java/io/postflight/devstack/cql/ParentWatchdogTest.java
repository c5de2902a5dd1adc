package io.postflight.devstack.cql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

public class ParentWatchdogTest {
  /** Replaces the server: prints that it runs, and never exits by itself. */
  public static final class Endless {
    private Endless() {}

    public static void main(String[] args) throws InterruptedException {
      System.out.println("running");
      System.out.flush();
      Thread.currentThread().join();
    }
  }

  @Test
  void the_child_ignores_a_terminals_signal_and_ends_with_its_input() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ParentWatchdog.class.getName(),
                Endless.class.getName())
            .start();
    try {
      assertThat(new String(child.getInputStream().readNBytes(7), StandardCharsets.UTF_8))
          .isEqualTo("running");
      child.toHandle().destroy();
      assertThat(child.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();

      child.getOutputStream().close();

      assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isZero();
    } finally {
      child.destroyForcibly();
    }
  }
}
