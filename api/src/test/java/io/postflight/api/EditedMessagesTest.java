package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Messages that were edited or revoked. */
final class EditedMessagesTest {
  private static final long T = NOW.toEpochMilli() - 3_600_000;

  private final TwoTiers tiers = new TwoTiers();
  @AutoClose private final TestApi api = TestApi.reading(tiers);

  @Test
  void an_edited_message_has_its_newest_text() {
    given(
        change("m-1", Edits.EDIT, T + 2_000, "at six"), change("m-1", Edits.EDIT, T + 1_000, "?"));

    JsonNode message = message("m-1");

    assertThat(message.get("body").asText()).isEqualTo("at six");
    assertThat(message.get("editedAt").asText())
        .isEqualTo(Instant.ofEpochMilli(T + 2_000).toString());
    assertThat(message.has("revokedAt")).isFalse();
    assertThat(message.get("status").asText()).isEqualTo("RECEIVED");
  }

  @Test
  void a_revoked_message_has_the_time_of_its_revocation() {
    given(change("m-2", Edits.REVOKE, T + 2_000, null));

    JsonNode message = message("m-2");

    assertThat(message.get("revokedAt").asText())
        .isEqualTo(Instant.ofEpochMilli(T + 2_000).toString());
    assertThat(message.has("editedAt")).isFalse();
    assertThat(message.get("body").asText()).isEqualTo("at five");
  }

  @Test
  void a_redacted_body_hides_the_edited_text_too() {
    given(change("m-3", Edits.EDIT, T + 2_000, "at six"));

    api.patch("/v1/messages/m-3", ACME_ERASE_KEY, "{\"redact\":[\"body\"]}");

    JsonNode message = message("m-3");
    assertThat(message.has("body")).isFalse();
    assertThat(message.get("editedAt").asText())
        .isEqualTo(Instant.ofEpochMilli(T + 2_000).toString());
  }

  private JsonNode message(String id) {
    return json(api.get("/v1/messages/" + id, ACME_KEY));
  }

  /** A received message and its changes. */
  private void given(MessageEvent... changes) {
    String id = String.valueOf(changes[0].getMessageId());
    MessageEvent received =
        Given.builder("acme", id, "u-1", Status.RECEIVED, T).setBody("at five").build();
    MessageFacts facts = Facts.of(received);
    for (MessageEvent change : changes) {
      facts = Facts.join(facts, Facts.of(change));
    }
    tiers.in30.revision(tiers.in30.revision("acme", id, T, T, 1 + changes.length, facts));
  }

  private static MessageEvent change(String id, String word, long time, @Nullable String body) {
    return Given.builder("acme", id, "u-1", Status.ANNOTATION, time)
        .setProviderStatus(word)
        .setBody(body)
        .build();
  }
}
