package io.postflight.api;

import static io.postflight.api.TestApi.MOVER_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.event.Status;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Queries of a tenant with rows in two tiers. */
final class MovedTenantQueriesTest {
  private static final long HOUR = 3_600_000;
  private static final long T = NOW.toEpochMilli() - 10 * HOUR;
  private static final TwoTiers TIERS = new TwoTiers();
  private static final Given IN_30D = TIERS.in30;
  private static final Given IN_15D = TIERS.in15;
  @AutoClose private static final TestApi API = TestApi.reading(TIERS);

  @Test
  void a_tenant_that_moved_is_read_from_both_tiers() {
    IN_15D.message("mover", "m-old", "u-move", T, Status.SENT, Status.DELIVERED);
    IN_30D.message("mover", "m-new", "u-move", T + 30_000, Status.SENT);
    IN_30D.action(Given.action("mover", "u-move", "twice", T + 1));
    IN_15D.action(Given.action("mover", "u-move", "twice", T + 1));

    assertThat(json(API.get("/v1/messages/m-old", MOVER_KEY)).get("tier").asText())
        .isEqualTo("15d");
    assertThat(json(API.get("/v1/messages/m-new", MOVER_KEY)).get("tier").asText())
        .isEqualTo("30d");
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = json(API.get("/v1/users/u-move/timeline?limit=2" + cursor, MOVER_KEY));
      page.get("items").forEach(item -> seen.add(item.get("type").asText()));
      cursor =
          page.get("nextCursor").isNull() ? null : "&cursor=" + page.get("nextCursor").asText();
    } while (cursor != null);
    assertThat(seen).containsExactly("message.delivered", "message.sent", "twice", "message.sent");
    assertThat(json(API.get("/v1/users/u-move/last", MOVER_KEY)).get("items"))
        .extracting(item -> item.get("type").asText())
        .containsExactly("message.delivered", "message.sent", "twice");
  }

  @Test
  void two_lifecycles_of_one_message_are_joined() {
    IN_15D.message("mover", "m-twice", "u-2", T, Status.SENT);
    IN_30D.message("mover", "m-twice", "u-2", T + HOUR, Status.READ);

    JsonNode message = json(API.get("/v1/messages/m-twice", MOVER_KEY));

    assertThat(message.get("status").asText()).isEqualTo("READ");
    assertThat(message.at("/times/SENT").isMissingNode()).isFalse();
    assertThat(message.get("tier").asText()).isEqualTo("15d");
    assertThat(message.get("createdAt").asText()).isEqualTo(Instant.ofEpochMilli(T).toString());
  }

  @Test
  void a_tier_that_is_not_configured_fails_the_read() {
    try (TestApi other = TestApi.reading(TIERS.store30)) {
      HttpResponse<String> response = other.get("/v1/users/u/timeline", MOVER_KEY);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(json(response).get("detail").asText()).contains("15d");
    }
  }
}
