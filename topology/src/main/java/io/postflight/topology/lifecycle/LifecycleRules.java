package io.postflight.topology.lifecycle;

import java.time.Duration;
import java.util.Map;

/**
 * How long a life is waited for and how long it is remembered.
 *
 * @param patience how long after the first event's arrival a message may go without a completing
 *     event before it counts as unconfirmed
 * @param patienceByChannel the same for single channels, by the channel's upper-case name
 * @param retain how long after the first event's arrival the state of a message is kept; longer
 *     than every wait. An event that comes later begins a new life
 */
public record LifecycleRules(
    Duration patience, Map<String, Duration> patienceByChannel, Duration retain) {
  /** Before DEFAULT, whose check needs it. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  /** Three days of waiting on every channel, 30 days of memory. */
  public static final LifecycleRules DEFAULT =
      new LifecycleRules(Duration.ofDays(3), Map.of(), Duration.ofDays(30));

  public LifecycleRules {
    patienceByChannel = Map.copyOf(patienceByChannel);
    check("lifecycle.retain", retain);
    checkWait("lifecycle.wait.default", patience, retain);
    for (Map.Entry<String, Duration> channel : patienceByChannel.entrySet()) {
      checkWait("lifecycle.wait." + channel.getKey(), channel.getValue(), retain);
    }
  }

  /** The wait on a channel, milliseconds. */
  public long waitMillis(String channel) {
    return patienceByChannel.getOrDefault(channel, patience).toMillis();
  }

  /** The memory of a life, milliseconds. */
  public long retainMillis() {
    return retain.toMillis();
  }

  private static void checkWait(String name, Duration wait, Duration retain) {
    check(name, wait);
    if (wait.compareTo(retain) >= 0) {
      throw new IllegalArgumentException(
          name + " is " + wait + "; it must be shorter than lifecycle.retain, which is " + retain);
    }
  }

  private static void check(String name, Duration duration) {
    if (duration.toMillis() < 1 || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + duration + "; allowed: 1 ms to " + LONGEST.toDays() + " days");
    }
  }
}
