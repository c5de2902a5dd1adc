package io.postflight.api.query;

import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingsBinder;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * Settings of queries; section {@code query}.
 *
 * @param lifecycleRetention how long events still update their message ({@code lifecycle.retain}):
 *     a tenant's former tier receives rows for that long
 */
public record QuerySettings(
    @Setting(
            value =
                "Signs the cursors of pages: 16 bytes or more, the same on all instances behind one"
                    + " address. Empty: a random one at each start, so that cursors are valid only"
                    + " for that instance. Prefer the environment: POSTFLIGHT_QUERY_CURSOR_SECRET.",
            defaultValue = "",
            allowed = "a text of 16 bytes or more; or empty",
            secret = true)
        CursorSecret cursorSecret,
    @Setting(value = "Maximum ?wait=.", defaultValue = "30s", min = "0s", max = "5m")
        Duration maxWait,
    @Setting(
            value = "Maximum concurrent requests with ?wait=; more are answered 503.",
            defaultValue = "2000",
            min = "1",
            max = "1000000")
        int maxWaits,
    @Setting(
            value = "The same per tenant; more are answered 429.",
            defaultValue = "500",
            min = "1",
            max = "1000000")
        int maxWaitsPerTenant,
    @Setting(
            value =
                "Maximum concurrent reads, of which one tenant may have a half; more are answered"
                    + " 429 (of a tenant) or 503 (of all).",
            defaultValue = "1000",
            min = "2",
            max = "1000000")
        int maxReads,
    @Setting(
            value =
                "Maximum pages read or encoded concurrently, of which one tenant may have a half"
                    + " and one connection an eighth; more are read later. A page occupies up to 52"
                    + " MiB of the heap, if two tiers have large rows of it, and reads up to 64"
                    + " partitions of each of up to 9 ids of a person at a time.",
            defaultValue = "12",
            min = "2",
            max = "100000")
        int maxPages,
    @Setting(
            value = "Time budget of a page, after which it is returned as partial.",
            defaultValue = "5s",
            min = "50ms",
            max = "1m")
        Duration budget,
    Duration lifecycleRetention) {

  /** Validates; a retention that is not given is 30 days. */
  public QuerySettings {
    lifecycleRetention = Objects.requireNonNullElse(lifecycleRetention, Duration.ofDays(30));
    SettingDefinition.require(
        QuerySettings.class,
        cursorSecret,
        maxWait,
        maxWaits,
        maxWaitsPerTenant,
        maxReads,
        maxPages,
        budget,
        lifecycleRetention);
  }

  /** Default settings. */
  public static QuerySettings of(CursorSecret cursorSecret) {
    return RecordCopy.with(
        SettingsBinder.defaults(QuerySettings.class), "cursorSecret", cursorSecret);
  }

  /** A copy with another retention of lifecycles. */
  public QuerySettings withLifecycleRetention(Duration retention) {
    return RecordCopy.with(this, "lifecycleRetention", retention);
  }

  /** A copy with other maximum numbers of concurrent waits. */
  public QuerySettings withMaxWaits(int total, int perTenant) {
    return RecordCopy.with(this, Map.of("maxWaits", total, "maxWaitsPerTenant", perTenant));
  }
}
