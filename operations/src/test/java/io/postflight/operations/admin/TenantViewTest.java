package io.postflight.operations.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantViewTest {
  @Test
  void what_is_not_known_is_not_made_up() {
    Tenant tenant =
        Tenant.newBuilder(TenantChanges.created("acme", "30d"))
            .setKeys(List.of(new ApiKey("k1", "0".repeat(64), List.of("read"), 0L)))
            .build();

    TenantView view = TenantView.of(tenant, null);

    assertThat(view.keys()).extracting(TenantView.KeyView::createdAt).containsOnlyNulls();
    assertThat(view.webhooks().get("twilio"))
        .isEqualTo("https://<your host: set gateway.publicUrl>/webhooks/twilio/acme");
  }

  @Test
  void what_is_rejected_is_stated_with_the_secret_that_is_missing() {
    String verification = "the provider's verification by GET is rejected until set: verifyToken";

    assertThat(rejected("whatsapp", Map.of()))
        .isEqualTo("rejected until set: appSecret; " + verification);
    assertThat(rejected("whatsapp", Map.of("appSecret", "a"))).isEqualTo(verification);
    assertThat(rejected("whatsapp", Map.of("verifyToken", "v")))
        .isEqualTo("rejected until set: appSecret");
    assertThat(rejected("whatsapp", Map.of("appSecret", "a", "verifyToken", "v"))).isEmpty();
    assertThat(rejected("sinch", Map.of())).isEqualTo("rejected until set: webhookSecret or token");
    assertThat(rejected("events", Map.of())).isEmpty();
  }

  private static String rejected(String provider, Map<String, String> secrets) {
    Tenant tenant =
        Tenant.newBuilder(TenantChanges.created("acme", "30d"))
            .setSecrets(Map.of(provider, secrets))
            .build();
    return TenantView.of(tenant, null).rejected(provider);
  }
}
