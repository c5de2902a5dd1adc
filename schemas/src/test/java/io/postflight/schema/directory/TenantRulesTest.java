package io.postflight.schema.directory;

import static io.postflight.schema.directory.Tenants.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantRulesTest {
  private final TenantRules rules = TenantRules.withTiers(Set.of("15d", "30d"));

  @Test
  void a_valid_tenant_is_accepted() {
    Tenant good = tenant("acme", ApiKeys.kept("pf_k_0123456789abcdef", List.of("read"), 1L));

    assertThat(rules.require(good)).isSameAs(good);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Acme", "-acme", "ac me", "a|b", "ü"})
  void an_id_must_be_plain(String id) {
    assertThat(rules.problems(tenant(id))).singleElement().asString().startsWith("id: '" + id);
  }

  @Test
  void an_unknown_tier_is_named_with_what_is_allowed() {
    Tenant tenant = tenant("acme", List.of(new TierPeriod("31d", 0L)), List.of());

    assertThatThrownBy(() -> rules.require(tenant))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("acme")
        .hasMessageContaining("'31d'")
        .hasMessageContaining("15d, 30d");
    assertThat(TenantRules.anyTier().problems(tenant)).isEmpty();
  }

  @Test
  void a_history_is_ordered_oldest_first() {
    Tenant tenant =
        tenant("acme", List.of(new TierPeriod("30d", 9L), new TierPeriod("15d", 9L)), List.of());

    assertThat(rules.problems(tenant)).singleElement().asString().contains("tiers", "oldest first");
    assertThat(rules.problems(tenant("acme", List.of(), List.of())))
        .containsExactly("tiers: empty; at least one entry is needed");
  }

  @Test
  void shard_counts_are_bounded() {
    Tenant tenant =
        new Tenant(
            "acme",
            List.of(new TierPeriod("30d", 0L)),
            List.of(new ShardVersion(0, 0L)),
            List.of(new ShardVersion(257, 0L)),
            List.of(),
            Map.of());

    assertThat(rules.problems(tenant))
        .containsExactly(
            "timelineShards: count 0 is not allowed; 1 to 256",
            "listingShards: count 257 is not allowed; 1 to 256");
  }

  @Test
  void there_are_at_most_two_complete_keys() {
    ApiKey good = ApiKeys.kept("pf_k_0123456789abcdef", List.of("read"), 1L);

    assertThat(rules.problems(tenant("acme", good, good, good)))
        .anyMatch(p -> p.contains("3 keys"))
        .anyMatch(p -> p.contains("used twice"));
    assertThat(rules.problems(tenant("acme", new ApiKey("k", "abc", List.of("admin"), 1L))))
        .anyMatch(p -> p.contains("sha256"))
        .anyMatch(p -> p.contains("[admin]") && p.contains("read, write, erase"));
  }

  @Test
  void a_secret_is_not_in_the_message() {
    Tenant tenant = tenant("acme");
    Tenant blank =
        new Tenant(
            tenant.getId(),
            List.of(),
            tenant.getTimelineShards(),
            tenant.getListingShards(),
            List.of(),
            Map.of("whatsapp", Map.of("appSecret", "hush", "verifyToken", " ")));

    assertThat(rules.problems(blank))
        .anyMatch(p -> p.contains("of 'whatsapp' is blank"))
        .noneMatch(p -> p.contains("hush"));
  }
}
