package io.postflight.topology.lifecycle;

import java.time.Duration;
import java.util.Map;

/**
 * Completion timeout and state retention of messages.
 *
 * @param completionTimeout time after the first event's arrival after which a message without a
 *     completing event counts as unconfirmed
 * @param completionTimeoutByChannel overrides by channel, by the channel's upper-case name
 * @param retain how long after the first event's arrival the state of a message is retained; longer
 *     than every timeout. A later event starts a new lifecycle
 */
public record LifecycleRules(
    Duration completionTimeout, Map<String, Duration> completionTimeoutByChannel, Duration retain) {
  /** Declared before DEFAULT, whose validation uses it. */
  private static final Duration MAX = Duration.ofDays(3650);

  /** A timeout of 3 days on every channel, 30 days of retention. */
  public static final LifecycleRules DEFAULT =
      new LifecycleRules(Duration.ofDays(3), Map.of(), Duration.ofDays(30));

  public LifecycleRules {
    completionTimeoutByChannel = Map.copyOf(completionTimeoutByChannel);
    check("lifecycle.retain", retain);
    checkTimeout("lifecycle.wait.default", completionTimeout, retain);
    for (Map.Entry<String, Duration> channel : completionTimeoutByChannel.entrySet()) {
      checkTimeout("lifecycle.wait." + channel.getKey(), channel.getValue(), retain);
    }
  }

  /** The completion timeout of a channel, milliseconds. */
  public long completionTimeoutMillis(String channel) {
    return completionTimeoutByChannel.getOrDefault(channel, completionTimeout).toMillis();
  }

  /** The retention of a message's state, milliseconds. */
  public long retainMillis() {
    return retain.toMillis();
  }

  private static void checkTimeout(String name, Duration wait, Duration retain) {
    check(name, wait);
    if (wait.compareTo(retain) >= 0) {
      throw new IllegalArgumentException(
          name + " is " + wait + "; it must be shorter than lifecycle.retain, which is " + retain);
    }
  }

  private static void check(String name, Duration duration) {
    if (duration.toMillis() < 1 || duration.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          name + " is " + duration + "; allowed: 1 ms to " + MAX.toDays() + " days");
    }
  }
}
