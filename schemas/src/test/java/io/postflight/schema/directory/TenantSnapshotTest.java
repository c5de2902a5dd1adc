package io.postflight.schema.directory;

import static io.postflight.schema.directory.Tenants.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TenantSnapshotTest {
  private static final String KEY = "pf_k1_0123456789abcdefghij";

  @Property
  void a_shared_map_is_a_map_and_is_not_changed_by_its_drafts(
      @ForAll List<@IntRange(max = 40) Integer> puts,
      @ForAll List<@IntRange(max = 40) Integer> removals) {
    Map<String, Integer> model = new HashMap<>();
    SharedMap.MapDraft<Integer> draft = SharedMap.<Integer>empty().draft();
    for (int key : puts) {
      assertThat(draft.put("k" + key, key)).isEqualTo(model.put("k" + key, key));
    }
    SharedMap<Integer> before = draft.done();
    Map<String, Integer> modelBefore = Map.copyOf(model);
    for (int key : removals) {
      assertThat(draft.remove("k" + key)).isEqualTo(model.remove("k" + key));
    }
    SharedMap<Integer> after = draft.done();

    assertThat(before.values()).containsExactlyInAnyOrderElementsOf(modelBefore.values());
    assertThat(after.values()).containsExactlyInAnyOrderElementsOf(model.values());
    assertThat(after.size()).isEqualTo(model.size());
    assertThat(before.size()).isEqualTo(modelBefore.size());
  }

  @Test
  void a_later_change_does_not_affect_an_earlier_snapshot() {
    FixedTenants tenants = FixedTenants.of(tenant("acme"));
    TenantSnapshot before = tenants.current();

    long version = tenants.put(tenant("globex"));
    tenants.remove("acme");

    assertThat(before.all()).extracting(Tenant::getId).containsExactly("acme");
    assertThat(tenants.current().all()).extracting(Tenant::getId).containsExactly("globex");
    assertThat(tenants.current().version()).isEqualTo(version + 1);
  }

  @Test
  void awaiting_a_version_ends_when_it_is_available() {
    FixedTenants tenants = FixedTenants.of(tenant("acme"));
    CompletableFuture<Boolean> waiting =
        CompletableFuture.supplyAsync(() -> tenants.awaitVersion(2, Duration.ofSeconds(20)));

    tenants.put(tenant("globex"));

    assertThat(waiting).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
    assertThat(tenants.awaitVersion(9, Duration.ofMillis(1))).isFalse();
  }

  @Test
  void a_key_finds_its_tenant() {
    ApiKey kept = ApiKeys.kept(KEY, List.of("read"), 1L);
    TenantSnapshot tenants = FixedTenants.of(tenant("acme", kept), tenant("globex")).current();

    assertThat(ApiKeys.authenticate(tenants, KEY))
        .hasValueSatisfying(
            owner -> {
              assertThat(owner.tenant().getId()).isEqualTo("acme");
              assertThat(owner.key()).isEqualTo(kept);
            });
    assertThat(ApiKeys.authenticate(tenants, KEY + "x")).isEmpty();
    assertThat(ApiKeys.authenticate(tenants, "")).isEmpty();
    assertThat(ApiKeys.authenticate(tenants, kept.getSha256())).isEmpty();
  }

  @Test
  void a_revoked_key_authenticates_no_tenant() {
    ApiKey kept = ApiKeys.kept(KEY, List.of("read"), 1L);
    FixedTenants tenants = FixedTenants.of(tenant("acme", kept), tenant("globex", kept));

    tenants.put(tenant("acme"));
    assertThat(ApiKeys.authenticate(tenants.current(), KEY))
        .hasValueSatisfying(owner -> assertThat(owner.tenant().getId()).isEqualTo("globex"));

    tenants.remove("globex");
    assertThat(ApiKeys.authenticate(tenants.current(), KEY)).isEmpty();
  }

  @Test
  void a_created_key_is_valid_and_stored_as_a_hash_only() {
    ApiKeys.Created created =
        ApiKeys.create(new java.security.SecureRandom(), List.of("read", "write"), 5L);

    assertThat(created.key())
        .startsWith("pf_" + created.kept().getId() + "_")
        .hasSizeGreaterThan(40);
    assertThat(created.kept().toString()).doesNotContain(created.key());
    assertThat(created).asString().doesNotContain(created.key());
    assertThat(created.kept()).isEqualTo(ApiKeys.kept(created.key(), List.of("read", "write"), 5L));
  }
}
