package io.postflight.settings;

import io.postflight.operations.StorageTier;
import io.postflight.store.BucketWidth;
import io.postflight.store.Tier;
import io.postflight.store.cql.BatchLimits;
import io.postflight.store.cql.ClusterSettings;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the records of tiers out of checked settings. */
final class TierSettings {
  private static final Kind<Duration> WIDTH = Kind.duration("1m", "3650d");

  private final Settings settings;
  private final BatchLimits limits;

  TierSettings(Settings settings, BatchLimits limits) {
    this.settings = settings;
    this.limits = limits;
  }

  /** The tier of a name. */
  StorageTier tier(String name) {
    try {
      return new StorageTier(
          new Tier(name, settings.get(Catalogue.TIER_RETENTION, name).orElse(null), widths(name)),
          cluster(name));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("tiers." + name + ": " + e.getMessage());
    }
  }

  private List<BucketWidth> widths(String tier) {
    return settings.get(Catalogue.TIER_BUCKET_WIDTH, tier).stream()
        .map(text -> width(tier, text))
        .toList();
  }

  private static BucketWidth width(String tier, String text) {
    try {
      int equals = text.indexOf('=');
      long from = equals < 0 ? 0 : Instant.parse(text.substring(0, equals)).toEpochMilli();
      return new BucketWidth(from, WIDTH.parser().apply(text.substring(equals + 1)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ConfigurationException(
          Catalogue.TIER_BUCKET_WIDTH.of(tier)
              + " has '"
              + text
              + "', which is not allowed: each is "
              + WIDTH.allowed()
              + ", with the prefix <RFC 3339 time>= if it applies from a time on");
    }
  }

  private ClusterSettings cluster(String tier) {
    return new ClusterSettings(
        settings.get(Catalogue.TIER_CONTACT_POINTS, tier),
        settings.get(Catalogue.TIER_DATACENTER, tier),
        settings.get(Catalogue.TIER_KEYSPACE, tier),
        settings.get(Catalogue.TIER_USERNAME, tier).orElse(null),
        settings.get(Catalogue.TIER_PASSWORD, tier).orElse(null),
        settings.get(Catalogue.TIER_WRITE_CONSISTENCY, tier),
        settings.get(Catalogue.TIER_READ_CONSISTENCY, tier),
        replication(tier),
        settings.get(Catalogue.TIER_GC_GRACE, tier),
        settings.get(Catalogue.TIER_REQUEST_TIMEOUT, tier),
        limits);
  }

  private Map<String, Integer> replication(String tier) {
    Map<String, Integer> factors = new HashMap<>();
    for (String text : settings.get(Catalogue.TIER_REPLICATION, tier)) {
      int equals = text.indexOf('=');
      String datacenter =
          equals < 0 ? settings.get(Catalogue.TIER_DATACENTER, tier) : text.substring(0, equals);
      factors.put(datacenter, Integer.valueOf(text.substring(equals + 1)));
    }
    return factors;
  }
}
