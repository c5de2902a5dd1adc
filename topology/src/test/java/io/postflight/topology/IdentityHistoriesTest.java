package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasGroup;
import io.postflight.schema.identity.AliasKind;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.DerivedErasures;
import io.postflight.schema.identity.GroupSearch;
import io.postflight.schema.identity.LinkUpdates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * In every order of events, links and erasures, an erasure by any id of a person leaves no row of
 * the person that is not newer, and every row of the person who had the number before or after.
 */
class IdentityHistoriesTest {
  private static final int SEEDS = 300;
  private static final long NOW = DrivenPipeline.NOW;

  @Test
  void any_interleaving_erases_one_person_and_no_other(@TempDir Path dir) {
    try (DrivenPipeline pipeline = new DrivenPipeline(dir)) {
      for (int seed = 0; seed < SEEDS; seed++) {
        new History(seed).play(pipeline);
      }
    }
  }

  /**
   * An event of a person.
   *
   * @param user the id by which the event names the person
   * @param aliases others that it names
   * @param former the one that the person leaves with it; null: none
   */
  private record ScriptedEvent(
      String message,
      String person,
      String user,
      List<String> aliases,
      @Nullable String former,
      long time) {
    String json() {
      return "{\"messageId\":\"%s\",\"userId\":\"%s\",\"aliases\":[%s],\"formerIds\":[%s],"
              .formatted(
                  message, user, quoted(aliases), former == null ? "" : quoted(List.of(former)))
          + "\"status\":\"DELIVERED\",\"eventTime\":%d}".formatted(time);
    }

    private static String quoted(List<String> ids) {
      return String.join(",", ids.stream().map(id -> '"' + id + '"').toList());
    }

    boolean named() {
      return !aliases.isEmpty() || !user.matches("\\d+");
    }
  }

  private static final class History {
    private final int seed;
    private final Random random;
    private final List<ScriptedEvent> events = new ArrayList<>();
    private final String number;
    private final String second;
    private final boolean moves;
    private final Erasure command;

    /** The messages whose events tell who has the first number when. */
    private final List<String> holders = new ArrayList<>();

    private final String erased;

    History(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.number = "49" + (10_000_000 + seed);
      this.second = "48" + (10_000_000 + seed);
      this.moves = random.nextBoolean();
      // What makes the links known.
      link("ada", 1, number, id("ada"));
      link("ada", 2 + random.nextInt(80), id("ada"), hidden("ada"));
      link("ada", 2 + random.nextInt(80), hidden("ada"), "customer-ada-" + seed);
      holders.add(name(0));
      if (moves) {
        holders.add(name(events.size()));
        event("ada", 50, second, List.of(number), number);
        holders.add(name(events.size()));
        link("ada", 51, second, id("ada"));
      }
      holders.add(name(events.size()));
      link("bob", 52, number, id("bob"));
      for (int i = 0; i < 8; i++) {
        some("ada");
        some("bob");
      }
      this.erased = random.nextBoolean() ? "ada" : "bob";
      List<String> ids =
          erased.equals("ada")
              ? List.of(
                  id("ada"), hidden("ada"), "customer-ada-" + seed, moves ? second : id("ada"))
              : List.of(id("bob"), number);
      this.command =
          TestCommands.user(
              ids.get(random.nextInt(ids.size())), NOW + (60 + random.nextInt(60)) * 1_000L);
    }

    private String name(int message) {
      return "m" + message + "-" + seed;
    }

    private String id(String person) {
      return (person.equals("ada") ? "DE.1" : "DE.2") + seed;
    }

    private String hidden(String person) {
      return person + seed + "@lid";
    }

    private void link(String person, int second, String user, String alias) {
      event(person, second, user, List.of(alias), null);
    }

    private void event(
        String person, int second, String user, List<String> aliases, @Nullable String former) {
      events.add(
          new ScriptedEvent(
              name(events.size()), person, user, aliases, former, NOW + second * 1_000L));
    }

    /** An event like any other: it names the number, the number and an id, or an id alone. */
    private void some(String person) {
      boolean ada = person.equals("ada");
      int at = ada ? 3 + random.nextInt(90) : 53 + random.nextInt(60);
      boolean onFirst = !ada || at < 50;
      String address = onFirst ? number : moves ? second : id(person);
      switch (random.nextInt(3)) {
        case 0 -> event(person, at, address, List.of(), null);
        case 1 ->
            event(
                person,
                at,
                address,
                address.equals(id(person)) ? List.of() : List.of(id(person)),
                null);
        default -> event(person, at, id(person), List.of(), null);
      }
    }

    void play(DrivenPipeline pipeline) {
      List<Object> script = new ArrayList<>(events);
      script.add(command);
      for (int i = 0; i < 4; i++) {
        script.add(script.get(random.nextInt(script.size())));
      }
      Collections.shuffle(script, random);
      if (AliasKind.of(String.valueOf(command.getUserId())).isLease()) {
        // Whose number it is must be known to whoever asks for the erasure.
        script.removeIf(command::equals);
        int last = 0;
        for (int i = 0; i < script.size(); i++) {
          if (script.get(i) instanceof ScriptedEvent event && holders.contains(event.message())) {
            last = i;
          }
        }
        script.add(last + 1 + random.nextInt(script.size() - last), command);
      }
      Map<String, AliasLinks> known = new HashMap<>();
      boolean late = false;
      Set<String> links = new TreeSet<>();
      for (Object step : script) {
        if (step instanceof Erasure erasure) {
          known.putAll(pipeline.identity());
          pipeline.erase(requested(erasure, known));
          late |= !links.containsAll(holders);
        } else if (step instanceof ScriptedEvent event) {
          pipeline.events(Math.max(event.time(), NOW), event.json());
          links.add(event.message());
        }
        if (random.nextInt(3) == 0) {
          pipeline.extendErasures();
        }
        if (random.nextInt(8) == 0) {
          pipeline.second();
        }
      }
      pipeline.extendErasures();
      while (pipeline.userScans() > 0) {
        pipeline.second();
      }
      check(TierModel.arrived(pipeline.tierRecords("30d"), random), eventIds(pipeline), late);
    }

    /** The command as the API appends it: on a number with the scope of its person. */
    private static Erasure requested(Erasure erasure, Map<String, AliasLinks> known) {
      AliasGroup group =
          GroupSearch.group(
              String.valueOf(erasure.getUserId()),
              erasure.getAt(),
              null,
              alias -> {
                AliasLinks links = known.get("acme|" + alias);
                return links == null ? List.of() : LinkUpdates.shown(alias, links.getLinks());
              });
      return Erasure.newBuilder(erasure)
          .setScope(DerivedErasures.scope(group.members().get(0), erasure.getAt()))
          .build();
    }

    private Map<String, String> eventIds(DrivenPipeline pipeline) {
      Map<String, String> ids = new HashMap<>();
      for (TestRecord<String, MessageEvent> event : pipeline.events()) {
        ids.put(String.valueOf(event.value().getMessageId()), event.value().getEventId());
      }
      return ids;
    }

    private void check(TierModel tier, Map<String, String> eventIds, boolean late) {
      for (ScriptedEvent event : events) {
        boolean covered = event.person().equals(erased) && event.time() <= command.getAt();
        // Who has a number cannot be known before an event tells it.
        boolean undecided =
            late && !event.named() && !event.person().equals(erased) && event.user().equals(number);
        boolean present =
            tier.timeline().keySet().stream()
                .anyMatch(row -> row.event().equals(eventIds.get(event.message())));
        if (covered) {
          assertThat(present).as("%s of %s, seed %d", event, erased, seed).isFalse();
          assertThat(tier.message(event.message())).as("%s, seed %d", event, seed).isNull();
        } else if (!undecided) {
          assertThat(present).as("%s beside %s, seed %d", event, command, seed).isTrue();
          assertThat(tier.message(event.message())).as("%s, seed %d", event, seed).isNotNull();
        }
      }
    }
  }
}
