package io.postflight.operations.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.util.List;
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
}
