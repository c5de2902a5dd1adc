package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowRateTest {
  private long nanos;
  private long rate = 100;

  @Test
  void rows_pass_at_the_current_rate() {
    RowRate limit = new RowRate(() -> rate, () -> nanos);
    assertThat(passing(limit, 10)).isBetween(990L, 1_020L);
    rate = 1_000;
    assertThat(passing(limit, 10)).isBetween(9_800L, 10_200L);
    rate = 0;
    assertThat(limit.pass(1_000_000)).isZero();
    assertThat(limit.pass(1_000_000)).isZero();
  }

  @Test
  void a_pause_is_not_followed_by_a_burst() {
    RowRate limit = new RowRate(() -> rate, () -> nanos);
    nanos += TimeUnit.HOURS.toNanos(1);
    assertThat(passing(limit, 1)).isLessThanOrEqualTo(120);
  }

  @Test
  void the_rate_is_read_from_a_file_and_an_invalid_one_is_ignored(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("rate");
    RateFile rateFile = new RateFile(file, 7, () -> nanos);
    assertThat(rateFile.getAsLong()).isEqualTo(7);
    for (String[] each :
        new String[][] {{"500\n", "500"}, {"quick", "500"}, {"-1", "500"}, {" 0 ", "0"}}) {
      Files.writeString(file, each[0]);
      nanos += TimeUnit.SECONDS.toNanos(2);
      assertThat(rateFile.getAsLong()).as(each[0]).isEqualTo(Long.parseLong(each[1]));
    }
    Files.delete(file);
    nanos += TimeUnit.SECONDS.toNanos(2);
    assertThat(rateFile.getAsLong()).isZero();
  }

  /** Rows that pass within the given seconds, five at a time. */
  private long passing(RowRate limit, int seconds) {
    long end = nanos + TimeUnit.SECONDS.toNanos(seconds);
    long rows = 0;
    while (nanos < end) {
      long wait = limit.pass(5);
      if (wait == 0) {
        rows += 5;
      }
      nanos += TimeUnit.MILLISECONDS.toNanos(wait);
    }
    return rows;
  }
}
