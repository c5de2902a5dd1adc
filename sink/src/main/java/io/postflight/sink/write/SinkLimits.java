package io.postflight.sink.write;

import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingsBinder;
import java.time.Duration;

/**
 * Limits on the data in flight of one tier's sink, and how it batches rows into statements; part of
 * section {@code sink}.
 */
public record SinkLimits(
    @Setting("Limits of the unacknowledged data of one tier's sink.") Window window,
    @Setting("How rows of one partition are batched into one request.") Batch batch,
    @Setting(
            value = "Maximum bytes of a row; a record with a larger one becomes a dead letter.",
            defaultValue = "900KiB",
            min = "1KiB",
            max = "16MiB")
        int maxRow,
    @Setting(
            value = "Maximum requests in flight to one tier's cluster.",
            defaultValue = "128",
            min = "1",
            max = "4096")
        int statements) {
  /** For a cluster that responds within a few milliseconds. */
  public static final SinkLimits DEFAULT = SettingsBinder.defaults(SinkLimits.class);

  /** Validates. */
  public SinkLimits {
    SettingDefinition.require(SinkLimits.class, window, batch, maxRow, statements);
  }

  /**
   * With fewer statements in flight rows are sent immediately; otherwise they wait for more rows of
   * their partition.
   */
  public int eagerStatements() {
    return Math.min(batch.eagerStatements(), statements);
  }

  /** Limits of unacknowledged data. */
  public record Window(
      @Setting(
              value = "Maximum rows that are not acknowledged yet.",
              defaultValue = "2048",
              min = "1",
              max = "1000000")
          int rows,
      @Setting(
              value = "Maximum bytes of rows that are not acknowledged yet.",
              defaultValue = "32MiB",
              min = "1B",
              max = "4GiB")
          long bytes,
      @Setting(
              value =
                  "Bytes of one Kafka partition that may be blocked by unavailable replicas, in"
                      + " addition to the window, before the partition is paused. The limit of a"
                      + " process is this times its partitions.",
              defaultValue = "4MiB",
              min = "1B",
              max = "4GiB")
          long partitionBytes) {
    /** Validates. */
    public Window {
      SettingDefinition.require(Window.class, rows, bytes, partitionBytes);
    }
  }

  /** Batches of rows. */
  public record Batch(
      @Setting(value = "Maximum rows of a request.", defaultValue = "20", min = "1", max = "1000")
          int rows,
      @Setting(
              value =
                  "Maximum bytes of a request; has to be below the server's batch_size_fail_threshold. A larger"
                      + " row is sent alone.",
              defaultValue = "48KiB",
              min = "1B",
              max = "16MiB")
          int bytes,
      @Setting(
              value =
                  "How long a row waits for others of its partition while eagerStatements or more"
                      + " requests are in flight.",
              defaultValue = "5ms",
              min = "0ms",
              max = "1s")
          Duration linger,
      @Setting(
              value =
                  "How long a row of a tenant's listing waits for others: its partitions have many"
                      + " rows, and nobody awaits one.",
              defaultValue = "300ms",
              min = "0ms",
              max = "1s")
          Duration listingLinger,
      @Setting(
              value =
                  "With fewer requests in flight rows are sent immediately; at most"
                      + " sink.statements.",
              defaultValue = "16",
              min = "1",
              max = "4096")
          int eagerStatements) {
    /** Validates. */
    public Batch {
      SettingDefinition.require(Batch.class, rows, bytes, linger, listingLinger, eagerStatements);
    }
  }
}
