package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.GLOBEX_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.event.Status;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Authentication and authorization of reads. */
final class ReadAccessTest {
  private static final long T = NOW.toEpochMilli() - 36_000_000;
  private static final TwoTiers TIERS = new TwoTiers();
  private static final Given IN_30D = TIERS.in30;
  @AutoClose private static final TestApi API = TestApi.reading(TIERS);

  @Test
  void resources_of_other_tenants_are_404() {
    IN_30D.message("acme", "m-ours", "u-1", T, Status.DELIVERED);

    HttpResponse<String> theirs = API.get("/v1/messages/m-ours", GLOBEX_KEY);
    HttpResponse<String> unknown = API.get("/v1/messages/m-nobody", GLOBEX_KEY);

    assertThat(theirs.statusCode()).isEqualTo(404);
    assertThat(json(theirs).get("detail")).isEqualTo(json(unknown).get("detail"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer pf_acme1_aaaaaaaa"})
  void no_valid_key_is_401_with_a_challenge(String authorization) {
    HttpResponse<String> response =
        API.send(API.request("/v1/messages/m").header("Authorization", authorization));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("www-authenticate")).isPresent();
  }

  @Test
  void a_key_without_the_scope_is_403() {
    HttpResponse<String> response = API.get("/v1/messages/m", TestApi.WRITE_ONLY_KEY);

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(json(response).get("detail").asText()).contains("read");
  }

  @ParameterizedTest
  @CsvSource({
    ACME_KEY + ",acme,acme1",
    TestApi.ACME_ERASE_KEY + ",acme,acme3",
    TestApi.WRITE_ONLY_KEY + ",globex,globex2"
  })
  void a_key_of_any_scope_may_read_its_own_tenant(String key, String tenant, String keyId) {
    JsonNode own = json(API.get("/v1/tenant", key));

    assertThat(own.get("tenant").asText()).isEqualTo(tenant);
    assertThat(own.get("keyId").asText()).isEqualTo(keyId);
    assertThat(own.properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("tenant", "keyId", "scopes");
    assertThat(API.get("/v1/tenant?id=globex", key).statusCode()).isEqualTo(400);
  }

  @Test
  void reading_the_tenant_requires_a_valid_key() {
    assertThat(API.get("/v1/tenant", "pf_none_0123456789abcdef").statusCode()).isEqualTo(401);
  }
}
