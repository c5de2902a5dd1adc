package io.postflight.topology.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postflight.schema.event.EventJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Small webhooks and what at least one of their events or rejections must satisfy: the folder given
 * by {@code -Dpostflight.cases}, else the folder {@code cases} beside that of the payloads. Skipped
 * if there is none.
 */
@DisplayName("Small webhooks have the outcomes of EXPECTED.jsonl")
class CasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long RECEIVED_AT = Instant.parse("2026-11-28T18:00:00Z").toEpochMilli();

  private final Normalizer normalizer = Normalizer.ofAllProviders();

  @Test
  void every_case_has_the_expected_outcome() throws IOException {
    @Nullable Path known = folder();
    assumeTrue(known != null, "no folder of cases is known");
    Path folder = Objects.requireNonNull(known);
    SoftAssertions softly = new SoftAssertions();
    int checked = 0;
    for (String line : Files.readAllLines(folder.resolve("EXPECTED.jsonl"))) {
      JsonNode expected = JSON.readTree(line);
      String file = expected.get("file").asText();
      if (normalizer.providers().contains(provider(file))) {
        check(folder.resolve(file), expected, softly);
        checked++;
      }
    }
    softly.assertAll();
    assertThat(checked).as("cases checked").isGreaterThan(30);
  }

  private static @Nullable Path folder() {
    String setting = System.getProperty("postflight.cases", "");
    if (!setting.isBlank()) {
      return Path.of(setting);
    }
    String payloads = System.getProperty("postflight.payloads", "");
    Path beside = payloads.isBlank() ? null : Path.of(payloads).resolveSibling("cases");
    return beside != null && Files.isDirectory(beside) ? beside : null;
  }

  private static String provider(String file) {
    return file.substring(0, file.indexOf('_'));
  }

  private void check(Path file, JsonNode expected, SoftAssertions softly) throws IOException {
    String name = String.valueOf(file.getFileName());
    String type = name.endsWith(".txt") ? "application/x-www-form-urlencoded" : "application/json";
    RawWebhook webhook =
        RawWebhook.of(provider(name), "acme", RECEIVED_AT, Files.readAllBytes(file))
            .withContentType(type);
    List<String> found = new ArrayList<>();
    boolean any = false;
    for (Outcome outcome : normalizer.normalize(webhook)) {
      List<String> faults = new ArrayList<>();
      check(expected.get("want"), outcome, faults);
      any |= faults.isEmpty();
      found.add(faults + " in " + printed(outcome));
    }
    softly.assertThat(any).as("%s: %s: %s", name, expected.get("why").asText(), found).isTrue();
  }

  private static String printed(Outcome outcome) {
    return outcome instanceof Outcome.Accepted accepted
        ? EventJson.event(accepted.event())
        : outcome.toString();
  }

  private static void check(JsonNode want, Outcome outcome, List<String> faults)
      throws IOException {
    if (want.has("anyOf")) {
      List<String> ofAll = new ArrayList<>();
      for (JsonNode alternative : want.get("anyOf")) {
        List<String> ofThis = new ArrayList<>();
        check(alternative, outcome, ofThis);
        if (ofThis.isEmpty()) {
          return;
        }
        ofAll.addAll(ofThis);
      }
      faults.addAll(ofAll);
      return;
    }
    String reason = outcome instanceof Outcome.Rejected rejected ? rejected.reason().name() : null;
    JsonNode event =
        outcome instanceof Outcome.Accepted accepted
            ? JSON.readTree(EventJson.event(accepted.event()))
            : JSON.createObjectNode();
    if (!want.has("reject") && reason != null) {
      faults.add("rejected as " + reason);
    }
    for (Map.Entry<String, JsonNode> each : want.properties()) {
      boolean holds =
          each.getKey().equals("reject")
              ? each.getValue().asText().equals(reason)
              : holds(each.getKey(), each.getValue(), event);
      if (!holds) {
        faults.add(each.toString());
      }
    }
  }

  private static boolean holds(String key, JsonNode value, JsonNode event) {
    return switch (key) {
      case "eventTimeWithin" ->
          !time(event).isBefore(Instant.parse(value.get(0).asText()))
              && !time(event).isAfter(Instant.parse(value.get(1).asText()));
      case "attributes" ->
          value.properties().stream()
              .allMatch(each -> each.getValue().equals(event.path(key).get(each.getKey())));
      case "aliasesInclude" -> ids(event).containsAll(texts(value));
      case "errorCode" -> value.equals(event.path("error").get("code"));
      case "errorDetail" -> value.equals(event.path("error").get("detail"));
      case "noError" -> !event.has("error");
      default -> value.equals(event.get(key));
    };
  }

  private static Instant time(JsonNode event) {
    return event.has("eventTime") ? Instant.parse(event.get("eventTime").asText()) : Instant.MIN;
  }

  private static Set<String> ids(JsonNode event) {
    Set<String> ids = new HashSet<>(texts(event.path("aliases")));
    ids.add(event.path("userId").asText());
    return ids;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
