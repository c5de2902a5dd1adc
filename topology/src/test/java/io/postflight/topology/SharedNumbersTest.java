package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.identity.AliasGroup;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.DerivedErasures;
import io.postflight.schema.identity.GroupSearch;
import io.postflight.schema.message.TierRecord;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that several people use, and erasures before, between and after their events. */
class SharedNumbersTest {
  private static final String NUMBER = "491701234567";
  private static final String ADA = "DE.111";
  private static final String BOB = "DE.222";
  @TempDir Path dir;
  private DrivenPipeline pipeline;

  @BeforeEach
  void start() {
    pipeline = new DrivenPipeline(dir);
  }

  @AfterEach
  void stop() {
    pipeline.close();
  }

  @Test
  void use_after_an_erasure_does_not_extend_it_again_and_again() {
    shared();
    long commands = 0;
    for (int i = 1; i <= 100; i++) {
      event("n" + i, NUMBER, NOW + 10_000 + i * 61_000L, "customer-" + (1 + i % 2));
      commands += pipeline.extendErasures().stream().filter(ErasureScopes::isCommand).count();
    }
    assertThat(commands).as("more commands of one erasure").isLessThan(6);
  }

  @Test
  void an_id_that_is_linked_late_is_erased_however_much_the_number_was_used() {
    event("old", ADA, NOW + 100);
    shared();
    for (int i = 1; i <= 1200; i++) {
      event("n" + i, NUMBER, NOW + 10_000 + i * 61_000L, "customer-" + (1 + i % 2));
      pipeline.extendErasures();
    }
    pipeline.tierRecords("30d");
    event("late", ADA, NOW + 200, "customer-1");
    assertThat(pipeline.extendErasures()).extracting(Erasure::getUserId).contains(ADA);
  }

  /** customer-1 and customer-2 use a number in turns; customer-1 is erased. */
  private void shared() {
    event("m1", NUMBER, NOW, "customer-1");
    event("m2", NUMBER, NOW + 1_000, "customer-2");
    event("m3", NUMBER, NOW + 2_000, "customer-1");
    pipeline.erase(TestCommands.user("customer-1", NOW + 5_000));
    pipeline.extendErasures();
  }

  @Test
  void each_of_two_erasures_of_a_number_covers_who_had_it_then_though_links_arrive_later() {
    event("a0", ADA, NOW);
    pipeline.erase(TestCommands.user(NUMBER, NOW + 20_000)); // ada has it
    pipeline.erase(TestCommands.user(NUMBER, NOW + 60_000)); // bob has it
    pipeline.extendErasures();
    event("b1", NUMBER, NOW + 40_000, BOB);
    event("a1", NUMBER, NOW + 1_000, ADA);
    assertThat(pipeline.extendErasures()).extracting(Erasure::getUserId).contains(ADA, BOB);
  }

  @Test
  void an_erasure_leaves_the_rows_of_one_to_whom_the_number_has_returned() {
    event("m1", NUMBER, NOW, ADA);
    event("m2", NUMBER, NOW + 100_000, BOB);
    event("m3", NUMBER, NOW + 200_000, ADA);
    event("nameless-of-ada", NUMBER, NOW + 250_000);
    pipeline.tierRecords("30d");
    pipeline.erase(TestCommands.user(BOB, NOW + 400_000));
    pipeline.extendErasures();
    assertThat(erasedMessages()).containsExactly("m2");
    event("m4", NUMBER, NOW + 300_000, ADA);
    pipeline.extendErasures();
    assertThat(erasedMessages()).isEmpty();
  }

  @Test
  void an_erasure_of_the_number_after_that_of_its_holder_leaves_the_one_before() {
    event("ada1", ADA, NOW, "customer-1");
    event("m1", NUMBER, NOW, ADA);
    event("m2", NUMBER, NOW + 100_000, BOB);
    pipeline.erase(TestCommands.user(BOB, NOW + 200_000));
    pipeline.extendErasures();
    // The table identity, as the sink writes it.
    Map<String, List<AliasLink>> table = new HashMap<>();
    for (TierRecord each : pipeline.tier("30d")) {
      if (each.getIdentity() != null) {
        table.put(each.getIdentity().getAlias(), each.getIdentity().getLinks());
      }
    }
    // DELETE /v1/users/NUMBER: PersonReads and ErasureCoordinator.
    Erasure request = TestCommands.user(NUMBER, NOW + 400_000);
    AliasGroup group =
        GroupSearch.group(NUMBER, request.getAt(), null, id -> table.getOrDefault(id, List.of()));
    Erasure root =
        Erasure.newBuilder(request)
            .setScope(DerivedErasures.scope(group.members().get(0), request.getAt()))
            .build();
    pipeline.erase(root);
    DerivedErasures.of(root, group).forEach(pipeline::erase);
    pipeline.extendErasures();
    assertThat(erasedMessages()).doesNotContain("ada1", "m1");
  }

  @Test
  void a_number_is_its_holders_from_the_earliest_event_on_though_it_arrives_last() {
    event("a", NUMBER, NOW - 600_000, ADA);
    event("b3", NUMBER, NOW + 5_000, BOB);
    event("b2", NUMBER, NOW + 4_000);
    event("b1", NUMBER, NOW, BOB);
    pipeline.erase(TestCommands.user(BOB, NOW + 400_000));
    pipeline.extendErasures();
    assertThat(erasedMessages()).containsExactlyInAnyOrder("b1", "b2", "b3");
  }

  @Test
  void a_late_status_that_names_a_person_alone_does_not_give_the_number_back() {
    event("a", NUMBER, NOW, ADA);
    event("b1", NUMBER, NOW + 100_000, BOB);
    event("a", ADA, NOW + 200_000);
    event("b2", NUMBER, NOW + 300_000);
    pipeline.erase(TestCommands.user(ADA, NOW + 400_000));
    pipeline.extendErasures();
    assertThat(erasedMessages()).containsExactly("a");
  }

  private List<String> erasedMessages() {
    scan(pipeline);
    return pipeline.tier("30d").stream()
        .map(TierRecord::getCommand)
        .filter(c -> c != null && c.getMessageId() != null)
        .map(c -> String.valueOf(c.getMessageId()))
        .distinct()
        .toList();
  }

  private static void scan(DrivenPipeline p) {
    for (int i = 0; i < 20 || p.userScans() > 0; i++) {
      p.second();
    }
  }

  private void event(String message, String user, long time, String... aliases) {
    event(pipeline, message, user, time, aliases);
  }

  private static void event(
      DrivenPipeline p, String message, String user, long time, String... aliases) {
    String others = String.join(",", List.of(aliases).stream().map(id -> '"' + id + '"').toList());
    p.events(
        Math.max(NOW, time),
        "{\"messageId\":\"%s\",\"userId\":\"%s\",\"aliases\":[%s],\"status\":\"DELIVERED\",\"eventTime\":%d}"
            .formatted(message, user, others, time));
  }
}
