package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * In every order of events and commands, with crashes of the normalizer after its output and before
 * its commit, and with any lag of a partition of a tier's topic, the tier contains in the end no
 * erased data and all other data.
 */
class ErasureHistoriesTest {
  private static final int SEEDS = 250;
  private static final String EDIT = "ANNOTATION";
  private static final List<String> STATUSES = List.of("SENT", "DELIVERED", "READ", "FAILED", EDIT);
  private static final List<String> USERS = List.of("u1", "u2", "u3");

  @Test
  void any_interleaving_ends_with_nothing_erased_and_all_else_in_the_tier(@TempDir Path dir) {
    try (DrivenPipeline pipeline = new DrivenPipeline(dir)) {
      for (int seed = 0; seed < SEEDS; seed++) {
        new ErasureHistory(seed).play(pipeline);
      }
    }
  }

  /** An event in a webhook. */
  private record ScriptedEvent(
      String message, @Nullable String user, String status, long time, long at) {
    String json() {
      return "{\"messageId\":\"%s\",%s%s\"status\":\"%s\",\"eventTime\":%d,\"body\":\"secret\"}"
          .formatted(
              message,
              user == null ? "" : "\"userId\":\"" + user + "\",",
              status.equals(EDIT) ? "\"providerStatus\":\"edit\"," : "",
              status,
              time);
    }

    long anchor() {
      return Math.min(time, at);
    }
  }

  private static final class ErasureHistory {
    private final int seed;
    private final Random random;
    private final List<ScriptedEvent> events = new ArrayList<>();
    private final List<Erasure> commands = new ArrayList<>();

    /** Owners of messages; absent for a group's message. */
    private final Map<String, String> owners = new TreeMap<>();

    private final Map<String, Long> createdAt = new HashMap<>();
    private final Map<String, Set<String>> eventIds = new HashMap<>();

    ErasureHistory(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
      for (int m = 0; m < 4; m++) {
        String message = name("m" + m);
        if (m < 3) {
          owners.put(message, name(USERS.get(m)));
        }
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
          events.add(event(message));
        }
      }
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        commands.add(command());
      }
    }

    void play(DrivenPipeline pipeline) {
      List<Object> script = new ArrayList<>(events);
      script.addAll(commands);
      for (int i = 0; i < 4; i++) {
        script.add(script.get(random.nextInt(script.size())));
      }
      Collections.shuffle(script, random);
      for (Object step : script) {
        if (step instanceof Erasure command) {
          pipeline.erase(command);
        } else if (step instanceof ScriptedEvent event) {
          createdAt.putIfAbsent(event.message(), event.anchor());
          pipeline.events(event.at(), event.json());
        }
        switch (random.nextInt(8)) {
          case 0, 1 -> pipeline.second();
          case 2 -> pipeline.normalizerCrashes();
          case 3 -> pipeline.normalizerCommits();
          default -> {}
        }
      }
      pipeline.normalizerCommits();
      while (pipeline.userScans() > 0) {
        pipeline.second();
      }
      for (TestRecord<String, MessageEvent> event : pipeline.events()) {
        eventIds
            .computeIfAbsent(
                String.valueOf(event.value().getMessageId()), message -> new HashSet<>())
            .add(event.value().getEventId());
      }
      check(TierModel.arrived(pipeline.tierRecords("30d"), random));
    }

    private void check(TierModel tier) {
      Set<String> concerned = new HashSet<>();
      for (Erasure command : commands) {
        String message = command.getMessageId();
        String user = command.getUserId();
        if (user != null) {
          checkUser(tier, user, command.getAt(), concerned);
        } else if (message != null && command.getFields().isEmpty()) {
          gone(tier, message);
          concerned.add(message);
        } else if (message != null) {
          assertThat(tier.body(message)).as("body of %s, seed %d", message, seed).isNull();
        }
      }
      for (String message : createdAt.keySet()) {
        if (!concerned.contains(message)) {
          whole(tier, message);
        }
      }
    }

    private void checkUser(TierModel tier, String user, long at, Set<String> concerned) {
      tier.timeline()
          .forEach(
              (row, anchor) -> {
                if (row.user().equals(user)) {
                  assertThat(anchor).as("%s, seed %d", row, seed).isGreaterThan(at);
                }
              });
      for (Map.Entry<String, Long> message : createdAt.entrySet()) {
        String owner = owners.get(message.getKey());
        if (owner == null || owner.equals(user)) {
          concerned.add(message.getKey());
        }
        boolean named =
            events.stream()
                .anyMatch(e -> e.message().equals(message.getKey()) && user.equals(e.user()));
        if (user.equals(owner) && named && message.getValue() <= at) {
          gone(tier, message.getKey());
        }
        MessageRevision standing = tier.message(message.getKey());
        if (standing != null && user.equals(Facts.text(standing.getFacts(), Facts.USER_ID))) {
          assertThat(standing.getCreatedAt())
              .as("creation of %s, seed %d", message.getKey(), seed)
              .isGreaterThan(at);
        }
      }
    }

    private void gone(TierModel tier, String message) {
      assertThat(tier.message(message)).as("%s, seed %d", message, seed).isNull();
      assertThat(tier.timeline().keySet())
          .as("rows of %s, seed %d", message, seed)
          .noneMatch(row -> row.message().equals(message));
    }

    private void whole(TierModel tier, String message) {
      List<ScriptedEvent> delivered =
          events.stream().filter(e -> e.message().equals(message)).toList();
      MessageRevision standing = tier.message(message);
      assertThat(standing == null ? Set.of() : standing.getFacts().getTimes().keySet())
          .as("statuses of %s, seed %d", message, seed)
          .isEqualTo(
              delivered.stream()
                  .map(ScriptedEvent::status)
                  .filter(status -> !status.equals(EDIT))
                  .collect(Collectors.toSet()));
      if (delivered.stream().anyMatch(e -> e.user() != null)) {
        assertThat(
                tier.timeline().keySet().stream()
                    .filter(row -> row.message().equals(message))
                    .map(TierModel.ModelRowKey::event)
                    .distinct())
            .as("events of %s, seed %d", message, seed)
            .containsExactlyInAnyOrderElementsOf(eventIds.getOrDefault(message, Set.of()));
      }
    }

    private ScriptedEvent event(String message) {
      String owner = owners.get(message);
      String user = owner == null ? name(USERS.get(random.nextInt(3))) : owner;
      long time = NOW + random.nextInt(20) * 1_000L;
      return new ScriptedEvent(
          message,
          random.nextInt(3) == 0 ? null : user,
          STATUSES.get(random.nextInt(STATUSES.size())),
          time,
          time + random.nextInt(8_000));
    }

    private Erasure command() {
      long at = NOW + random.nextInt(20) * 1_000L + 500;
      return switch (random.nextInt(3)) {
        case 0 -> TestCommands.message(name("m" + random.nextInt(4)), at);
        case 1 -> TestCommands.user(name(USERS.get(random.nextInt(3))), at);
        default -> TestCommands.redact(name("m" + random.nextInt(4)), at, Facts.BODY);
      };
    }

    private String name(String of) {
      return of + "-" + seed;
    }
  }
}
