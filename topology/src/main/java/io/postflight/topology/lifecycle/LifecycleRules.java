package io.postflight.topology.lifecycle;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postflight.schema.settings.Durations;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingsBinder;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Completion timeout and state retention of messages; section {@code lifecycle}. Both count from
 * the arrival of a message's first event.
 */
public record LifecycleRules(
    @JsonProperty("wait")
        @Setting(
            "How long after its arrival a message may wait for DELIVERED, READ, FAILED or the like"
                + " before it is listed as UNCONFIRMED. Per channel; empty: the default.")
        Timeouts timeouts,
    @Setting(
            value =
                "Retention of a message's state: as long as providers may send statuses; longer"
                    + " than every wait. A later event starts a new lifecycle.",
            defaultValue = "30d",
            min = "1s",
            max = "3650d")
        Duration retain) {
  /** A timeout of 3 days on every channel, 30 days of retention. */
  public static final LifecycleRules DEFAULT = SettingsBinder.defaults(LifecycleRules.class);

  /** Validates. */
  public LifecycleRules {
    SettingDefinition.require(LifecycleRules.class, timeouts, retain);
    Duration longest = timeouts.longest();
    if (longest.compareTo(retain) >= 0) {
      throw new IllegalArgumentException(
          "the longest lifecycle.wait is "
              + Durations.format(longest)
              + "; it must be shorter than lifecycle.retain, which is "
              + Durations.format(retain));
    }
  }

  /** The same timeout on every channel. */
  public static LifecycleRules of(Duration timeout, Duration retain) {
    return new LifecycleRules(
        new Timeouts(timeout, Optional.empty(), Optional.empty(), Optional.empty()), retain);
  }

  /** The completion timeout of a channel, milliseconds. */
  public long completionTimeoutMillis(String channel) {
    Optional<Duration> own =
        switch (channel) {
          case "WHATSAPP" -> timeouts.whatsapp();
          case "SMS" -> timeouts.sms();
          case "EMAIL" -> timeouts.email();
          default -> Optional.empty();
        };
    return own.orElse(timeouts.byDefault()).toMillis();
  }

  /** The retention of a message's state, milliseconds. */
  public long retainMillis() {
    return retain.toMillis();
  }

  /** Completion timeouts of channels. */
  public record Timeouts(
      @JsonProperty("default")
          @Setting(
              value = "Completion timeout of channels without a setting.",
              defaultValue = "72h",
              min = "1s",
              max = "30d")
          Duration byDefault,
      @Setting(
              value = "Completion timeout of WhatsApp.",
              defaultValue = "",
              min = "1s",
              max = "30d",
              none = "")
          Optional<Duration> whatsapp,
      @Setting(
              value = "Completion timeout of SMS.",
              defaultValue = "",
              min = "1s",
              max = "30d",
              none = "")
          Optional<Duration> sms,
      @Setting(
              value = "Completion timeout of e-mail.",
              defaultValue = "",
              min = "1s",
              max = "30d",
              none = "")
          Optional<Duration> email) {
    /** Validates. */
    public Timeouts {
      SettingDefinition.require(Timeouts.class, byDefault, whatsapp, sms, email);
    }

    private Duration longest() {
      return Stream.of(Optional.of(byDefault), whatsapp, sms, email)
          .flatMap(Optional::stream)
          .max(Duration::compareTo)
          .orElseThrow();
    }
  }
}
