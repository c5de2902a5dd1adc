package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.ACME_READ_KEY;
import static io.postflight.api.TestApi.GLOBEX_ERASE_KEY;
import static io.postflight.api.TestApi.GLOBEX_KEY;
import static io.postflight.api.TestApi.MOVER_ERASE_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.erasure.ErasureBackend;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.event.Status;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may erase what, and which requests are rejected. */
final class ErasureAccessTest extends ErasureFixture {
  private static final long T = NOW.toEpochMilli() - 3_600_000;

  @Test
  void a_tenant_cannot_erase_data_of_another() {
    tiers.in15.message("globex", "m-1", "u-1", T, Status.READ);

    String id = json(api.delete("/v1/messages/m-1", ACME_ERASE_KEY)).get("id").asText();
    api.delete("/v1/users/u-1", ACME_ERASE_KEY);

    assertThat(api.get("/v1/messages/m-1", GLOBEX_KEY).statusCode()).isEqualTo(200);
    assertThat(json(api.get("/v1/users/u-1/timeline", GLOBEX_KEY)).get("items")).hasSize(1);
    HttpResponse<String> foreign = api.get("/v1/erasures/" + id, GLOBEX_ERASE_KEY);
    HttpResponse<String> unknown =
        api.get(
            "/v1/erasures/" + ErasureIds.next(NOW.toEpochMilli(), new Random(1)), GLOBEX_ERASE_KEY);
    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(json(foreign).get("detail")).isEqualTo(json(unknown).get("detail"));
    assertThat(api.get("/v1/erasures/nonsense", GLOBEX_ERASE_KEY).statusCode()).isEqualTo(404);
  }

  @Test
  void the_scope_erase_is_required() {
    assertThat(api.delete("/v1/messages/m-1", ACME_READ_KEY).statusCode()).isEqualTo(403);
    assertThat(api.delete("/v1/users/u-1", ACME_KEY).statusCode()).isEqualTo(403);
    assertThat(api.patch("/v1/messages/m-1", ACME_KEY, "{\"redact\":[\"body\"]}").statusCode())
        .isEqualTo(403);
    assertThat(api.get("/v1/erasures/x", ACME_KEY).statusCode()).isEqualTo(403);
    assertThat(api.get("/v1/messages/m-1", ACME_ERASE_KEY).statusCode()).isEqualTo(403);
    assertThat(api.send(api.request("/v1/users/u-1").DELETE()).statusCode()).isEqualTo(401);
    assertThat(ledger.entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "{}",
        "{\"redact\":[]}",
        "{\"redact\":\"body\"}",
        "{\"redact\":[1]}",
        "{\"redact\":[\"userId\"]}",
        "{\"redact\":[\"body\"],\"reason\":\"x\"}",
        "{\"redact\":[\"body\"],\"redact\":[\"sender\"]}",
        "{\"redact\":[\"body\"]} more"
      })
  void an_invalid_body_is_rejected_with_the_allowed_form(String body) {
    HttpResponse<String> response = api.patch("/v1/messages/m-1", ACME_ERASE_KEY, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).get("detail").asText())
        .contains("attributes, body, error, price, recipient, sender");
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void oversized_bodies_and_unknown_parameters_are_rejected() {
    HttpResponse<String> large =
        api.patch("/v1/messages/m-1", ACME_ERASE_KEY, " ".repeat(9_000) + "{}");
    HttpResponse<String> longId = api.delete("/v1/messages/" + "m".repeat(2_049), ACME_ERASE_KEY);
    HttpResponse<String> parameter = api.delete("/v1/users/u-1?since=1d", ACME_ERASE_KEY);
    HttpResponse<String> method = api.get("/v1/users/u-1", ACME_ERASE_KEY);

    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(longId.statusCode()).isEqualTo(400);
    assertThat(parameter.statusCode()).isEqualTo(400);
    assertThat(json(parameter).get("detail").asText()).contains("since");
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("allow")).hasValue("DELETE");
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void a_tier_that_is_not_configured_is_rejected_before_anything_is_erased() {
    try (TestApi partial =
        TestApi.erasing(
            all -> all.withErasure(QUICK),
            List.of(TestStore.erasing(tiers.store30, eraser30)),
            new ErasureBackend(ledger))) {
      HttpResponse<String> response = partial.delete("/v1/messages/m-1", MOVER_ERASE_KEY);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("15d");
      assertThat(ledger.entries()).isEmpty();
    }
  }
}
