package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.LinkRelation;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.tenant.TierPeriod;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ids of a person, from events to links, rows and erasures. */
class IdentityTest {
  private static final String NUMBER = "491701234567";
  private static final String OTHER_NUMBER = "491707654321";
  private static final String ADA = "DE.111";
  private static final String BOB = "DE.222";
  private static final String HIDDEN = "998877@lid";

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

  // Links.

  @Test
  void ids_that_an_event_names_are_linked_in_both_directions() {
    event("m1", NUMBER, NOW, ADA);

    Map<String, AliasLinks> identity = pipeline.identity();
    assertThat(identity).containsOnlyKeys("acme|" + NUMBER, "acme|" + ADA);
    assertThat(links(identity, NUMBER)).containsExactly(tuple(ADA, LinkRelation.SAME, NOW));
    assertThat(links(identity, ADA)).containsExactly(tuple(NUMBER, LinkRelation.SAME, NOW));
    assertThat(identityRows()).containsExactlyInAnyOrder(NUMBER, ADA);
  }

  @Test
  void later_events_that_name_the_same_ids_say_nothing_new() {
    event("m1", NUMBER, NOW, ADA);
    pipeline.identity();

    event("m2", NUMBER, NOW + 1_000, ADA);

    assertThat(pipeline.identity()).isEmpty();
  }

  @Test
  void a_change_of_numbers_of_whatsapp_links_both_numbers_at_its_time() {
    pipeline.webhook(
        "whatsapp",
        "acme",
        NOW,
        """
        {"entry":[{"changes":[{"value":{"metadata":{"phone_number_id":"1"},"messages":[{
          "from":"%s","id":"wamid.1","timestamp":"%d","type":"system",
          "system":{"type":"user_changed_number","wa_id":"%s"}}]},"field":"messages"}]}]}
        """
            .formatted(NUMBER, NOW / 1_000, OTHER_NUMBER));

    Map<String, AliasLinks> identity = pipeline.identity();
    assertThat(links(identity, NUMBER))
        .containsExactly(tuple(OTHER_NUMBER, LinkRelation.MOVED_TO, NOW + 1));
    assertThat(links(identity, OTHER_NUMBER))
        .containsExactly(tuple(NUMBER, LinkRelation.MOVED_FROM, NOW));
  }

  @Test
  void links_follow_a_tenant_to_its_new_tier_with_the_next_event_that_names_them() {
    event("m1", NUMBER, NOW, ADA);
    pipeline.tenants.put(
        TestTenants.tenant("acme", new TierPeriod("30d", 0L), new TierPeriod("60d", NOW + 5_000)));

    event("m2", NUMBER, NOW + 9_000, ADA);

    assertThat(pipeline.tier("60d"))
        .extracting(TierRecord::getIdentity)
        .filteredOn(Objects::nonNull)
        .extracting(AliasLinks::getAlias)
        .containsExactlyInAnyOrder(NUMBER, ADA);
  }

  // Rows.

  @Test
  void a_row_under_a_number_names_the_id_that_identifies_the_person() {
    event("m1", NUMBER, NOW, ADA, OTHER_NUMBER);

    assertThat(rows()).containsExactly(tuple(NUMBER, List.of(ADA)));
  }

  @Test
  void a_status_that_names_a_hidden_id_only_is_stored_under_the_user_of_its_message() {
    event("m1", NUMBER, NOW);
    event("m1", HIDDEN, NOW + 1_000);

    assertThat(rows()).containsExactly(tuple(NUMBER, List.of()), tuple(NUMBER, List.of(HIDDEN)));
    assertThat(links(pipeline.identity(), HIDDEN))
        .extracting(link -> link.toList().get(0))
        .containsExactly(NUMBER);
  }

  @Test
  void a_message_that_is_known_by_a_hidden_id_first_links_it_to_the_number() {
    event("m1", HIDDEN, NOW + 1_000);
    event("m1", NUMBER, NOW);

    assertThat(links(pipeline.identity(), HIDDEN))
        .extracting(link -> link.toList().get(0))
        .containsExactly(NUMBER);
  }

  @Test
  void a_status_that_an_erasure_drops_links_its_id_to_the_user_of_its_message() {
    event("m1", NUMBER, NOW);
    erase(HIDDEN, NOW + 5_000);
    pipeline.extendErasures();

    event("m1", HIDDEN, NOW + 1_000);

    assertThat(pipeline.extendErasures())
        .extracting(Erasure::getUserId)
        .containsExactly(NUMBER, HIDDEN);
    pipeline.second();
    assertThat(pipeline.lifecycles()).as("states of messages").isZero();
  }

  @Test
  void a_member_of_a_group_has_a_timeline_of_its_own() {
    pipeline.events(NOW, json("m1", NUMBER, NOW, "\"attributes\":{\"groupId\":\"g\"},"));
    pipeline.events(NOW, json("m1", HIDDEN, NOW + 1, "\"attributes\":{\"groupId\":\"g\"},"));

    assertThat(rows()).containsExactly(tuple(NUMBER, List.of()), tuple(HIDDEN, List.of()));
    assertThat(pipeline.identity()).isEmpty();
  }

  // Erasures.

  @Test
  void an_erasure_is_extended_to_all_ids_and_a_notice_names_the_derived_commands() {
    event("m1", NUMBER, NOW, ADA, HIDDEN);

    Erasure command = erase(ADA, NOW + 5_000);
    List<Erasure> appended = pipeline.extendErasures();

    assertThat(appended.subList(0, 2))
        .extracting(Erasure::getUserId, Erasure::getRoot, Erasure::getAt)
        .containsExactlyInAnyOrder(
            tuple(NUMBER, command.getId(), command.getAt()),
            tuple(HIDDEN, command.getId(), command.getAt()));
    assertThat(appended.get(2).getId()).isEqualTo(command.getId());
    assertThat(appended.get(2).getDerived())
        .containsExactlyInAnyOrder(appended.get(0).getId(), appended.get(1).getId());
  }

  @Test
  void a_notice_follows_also_if_there_is_nothing_to_derive() {
    Erasure command = erase("u1", NOW);

    assertThat(pipeline.extendErasures())
        .extracting(Erasure::getId, Erasure::getDerived)
        .containsExactly(tuple(command.getId(), List.of()));
  }

  @Test
  void a_link_that_is_learnt_after_the_erasure_gives_the_same_commands_as_before_it(
      @TempDir Path other) {
    event("m1", NUMBER, NOW, ADA);
    erase(ADA, NOW + 5_000);
    List<Erasure> before = pipeline.extendErasures();

    try (DrivenPipeline late = new DrivenPipeline(other)) {
      late.erase(TestCommands.user(ADA, NOW + 5_000));
      late.extendErasures();
      late.events(NOW, json("m1", NUMBER, NOW, "\"aliases\":[\"" + ADA + "\"],"));
      List<Erasure> after = late.extendErasures();
      assertThat(after).isEqualTo(before);
    }
  }

  @Test
  void a_command_that_is_read_again_appends_nothing() {
    event("m1", NUMBER, NOW, ADA);
    erase(ADA, NOW + 5_000);
    pipeline.extendErasures();

    erase(ADA, NOW + 5_000);
    event("m2", NUMBER, NOW, ADA);

    assertThat(pipeline.extendErasures()).isEmpty();
  }

  @Test
  void a_number_that_another_person_has_now_is_erased_with_the_rows_of_its_former_holder_only() {
    event("m1", NUMBER, NOW, ADA);
    event("m2", NUMBER, NOW + 10_000, BOB);

    erase(ADA, NOW + 20_000);
    List<Erasure> appended = pipeline.extendErasures();

    assertThat(appended).extracting(Erasure::getUserId).containsExactly(NUMBER, ADA);
    assertThat(appended.get(0).getScope().getAliases()).containsExactly(ADA);
    assertThat(appended.get(0).getScope().getPeriods())
        .extracting(period -> period.getUntil())
        .containsExactly(NOW + 10_000);
    rows();
    event("m3", NUMBER, NOW + 5_000);
    event("m4", NUMBER, NOW + 15_000);
    event("m5", NUMBER, NOW + 15_000, ADA);
    assertThat(tierEvents()).extracting(MessageEvent::getMessageId).containsExactly("m4");
  }

  @Test
  void a_change_of_numbers_is_erased_with_the_old_number_until_then_and_the_new_one_since() {
    event("m1", NUMBER, NOW);
    pipeline.events(
        NOW,
        json(
            "m2",
            OTHER_NUMBER,
            NOW + 10_000,
            "\"aliases\":[\"%s\"],\"formerIds\":[\"%s\"],".formatted(NUMBER, NUMBER)));

    erase(OTHER_NUMBER, NOW + 20_000);
    assertThat(pipeline.extendErasures())
        .extracting(Erasure::getUserId)
        .containsExactly(NUMBER, OTHER_NUMBER);
    rows();
    event("m3", NUMBER, NOW + 5_000);
    event("m4", NUMBER, NOW + 15_000);
    assertThat(tierEvents()).extracting(MessageEvent::getMessageId).containsExactly("m4");
  }

  @Test
  void links_of_an_erased_person_are_hidden_until_an_event_names_them_again() {
    event("m1", NUMBER, NOW, ADA);
    assertThat(shown(NUMBER)).containsExactly(ADA);

    erase(ADA, NOW + 5_000);
    assertThat(shown(NUMBER)).isEmpty();

    event("m2", NUMBER, NOW + 9_000, ADA);
    assertThat(shown(NUMBER)).contains(ADA);
  }

  @Test
  void links_and_erasures_survive_a_restart(@TempDir Path other) {
    event("m1", NUMBER, NOW, ADA);
    erase(ADA, NOW + 5_000);
    pipeline.extendErasures();

    pipeline = pipeline.restarted(other);
    event("m2", ADA, NOW, HIDDEN);

    assertThat(pipeline.extendErasures())
        .extracting(Erasure::getUserId)
        .containsExactly(HIDDEN, ADA);
  }

  private void event(String message, String user, long time, String... aliases) {
    String others = String.join(",", List.of(aliases).stream().map(id -> '"' + id + '"').toList());
    pipeline.events(
        Math.max(NOW, time), json(message, user, time, "\"aliases\":[" + others + "],"));
  }

  private static String json(String message, String user, long time, String more) {
    return "{\"messageId\":\"%s\",\"userId\":\"%s\",%s\"status\":\"DELIVERED\",\"eventTime\":%d}"
        .formatted(message, user, more, time);
  }

  private Erasure erase(String user, long at) {
    Erasure command = TestCommands.user(user, at);
    pipeline.erase(command);
    return command;
  }

  private static List<Tuple> links(Map<String, AliasLinks> identity, String alias) {
    return Objects.requireNonNull(identity.get("acme|" + alias)).getLinks().stream()
        .map(link -> tuple(link.getAlias(), link.getRelation(), link.getAt()))
        .toList();
  }

  /** User and other ids of each row of a timeline. */
  private List<Tuple> rows() {
    return tierEvents().stream()
        .map(event -> tuple(event.getUserId(), event.getAliases()))
        .toList();
  }

  private List<MessageEvent> tierEvents() {
    return pipeline.tier("30d").stream()
        .flatMap(record -> record.getTimeline().stream())
        .map(TimelineEntry::getEvent)
        .toList();
  }

  private List<String> identityRows() {
    return pipeline.tier("30d").stream()
        .map(TierRecord::getIdentity)
        .filter(Objects::nonNull)
        .map(AliasLinks::getAlias)
        .toList();
  }

  /** The ids that the last row of an id shows. */
  private List<String> shown(String alias) {
    return pipeline.tier("30d").stream()
        .map(TierRecord::getIdentity)
        .filter(row -> row != null && row.getAlias().equals(alias))
        .reduce((first, second) -> second)
        .orElseThrow()
        .getLinks()
        .stream()
        .map(AliasLink::getAlias)
        .toList();
  }
}
