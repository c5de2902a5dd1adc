package io.postflight.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.gateway.EventValidator.Validation;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.store.Tier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnEventValidatorTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private final OwnEventValidator validator =
      new OwnEventValidator(
          FixedTenants.of(tenant("acme", "30d"), tenant("globex", "forever")),
          List.of(Tier.of("30d", Duration.ofDays(30)), Tier.of("forever", null)),
          InstantSource.fixed(NOW));

  @Test
  void an_event_older_than_the_retention_is_marked_as_expired() {
    String body =
        """
        [{"messageId":"m-1","userId":"u","status":"READ","eventTime":"2026-10-20T10:00:00Z"},
         {"messageId":"m-2","userId":"u","status":"READ","eventTime":"2026-11-20T10:00:00Z"},
         {"messageId":"m-3","userId":"u","status":"IN_ORBIT"}]
        """;

    assertThat(expired("acme", body)).containsExactly(true, false, null);
    assertThat(expired("globex", body)).containsExactly(false, false, null);
  }

  private List<Boolean> expired(String tenant, String body) {
    return validator.validate(tenant, body.getBytes(StandardCharsets.UTF_8)).stream()
        .map(result -> result instanceof Validation.ValidEvent valid ? valid.expired() : null)
        .collect(java.util.stream.Collectors.toList());
  }

  private static Tenant tenant(String id, String tier) {
    List<ShardVersion> shards = List.of(new ShardVersion(1, 0L));
    return new Tenant(id, List.of(new TierPeriod(tier, 0L)), shards, shards, List.of(), Map.of());
  }
}
