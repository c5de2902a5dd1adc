package io.postflight.schema.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.serde.TrustedRecords;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ErasureIndexTest {
  private static final long T = 1_700_000_000_000L;
  private static final String PHONE = "593990000525";

  private final ErasureIndex index = new ErasureIndex();

  static {
    TrustedRecords.trust(); // Avro copies trusted records only
  }

  @Test
  void without_commands_a_record_is_unchanged() {
    TierRecord record = record("m1", "u1", T);

    assertThat(index.leftOf(record)).isSameAs(record);
  }

  @Test
  void of_an_erased_message_nothing_is_left() {
    index.add(message("m1", T));

    assertThat(index.leftOf(record("m1", "u1", T + 10_000))).isNull();
    assertThat(index.leftOf(record("m2", "u1", T))).isNotNull();
  }

  @Test
  void an_erased_user_loses_what_was_created_until_then_and_keeps_what_came_later() {
    index.add(user("u1", T));

    assertThat(index.leftOf(record("m1", "u1", T))).isNull();
    assertThat(index.leftOf(record("m2", "u1", T + 1))).isNotNull();
    assertThat(index.leftOf(record("m3", "u2", T))).isNotNull();
  }

  @Test
  void a_later_event_of_a_message_created_before_is_erased_with_its_user() {
    index.add(user("u1", T));
    TierRecord late =
        new TierRecord(
            "acme",
            List.of(new TimelineEntry(event("m1", "u1", T + 5), T + 5, 1)),
            null,
            T + 5,
            null,
            T - 5,
            null);

    assertThat(index.leftOf(late)).isNull();
  }

  @Test
  void an_event_of_before_is_erased_with_its_user_though_its_message_counts_as_created_later() {
    index.add(user("u1", T));
    TierRecord early =
        new TierRecord(
            "acme",
            List.of(new TimelineEntry(event("m1", "u1", T - 5), T - 5, 1)),
            null,
            T + 5,
            null,
            T + 5,
            null);

    assertThat(index.leftOf(early)).isNull();
  }

  @Test
  void another_participants_entry_survives_the_erasure_of_one_user() {
    index.add(user("u2", T));
    MessageEvent mine = event("m1", "u1", T);
    MessageEvent others = event("m1", "u2", T);
    TierRecord both =
        new TierRecord(
            "acme",
            List.of(new TimelineEntry(mine, T, 1), new TimelineEntry(others, T, 1)),
            revision("m1", mine, T),
            T,
            null,
            T,
            null);

    TierRecord left = index.leftOf(both);

    assertThat(left).isNotNull();
    assertThat(left.getTimeline()).extracting(e -> e.getEvent().getUserId()).containsExactly("u1");
    assertThat(left.getMessage()).isEqualTo(both.getMessage());
  }

  @Test
  void redacted_fields_are_removed_from_an_event_which_remains_that_of_a_group() {
    MessageEvent event =
        MessageEvent.newBuilder(event("m1", "u1", T))
            .setBody("text")
            .setSender("from")
            .setRecipient("to")
            .setAttributes(Map.of(Facts.GROUP, "g1", "fileName", "a.pdf"))
            .build();
    index.add(redaction("m1", List.of("attributes", "recipient")));
    index.add(redaction("m2", List.of("body")));
    index.add(message("m3", T));

    MessageEvent left = index.leftOf(event);

    assertThat(left).isNotNull();
    assertThat(left.getAttributes()).isEqualTo(Map.of(Facts.GROUP, "unknown"));
    assertThat(left.getRecipient()).isNull();
    assertThat(left.getBody()).isEqualTo("text");
    assertThat(left.getSender()).isEqualTo("from");
    MessageEvent plain = event("m4", "u1", T);
    assertThat(index.leftOf(plain)).isSameAs(plain);
    assertThat(index.leftOf(event("m3", "u1", T))).isNull();
  }

  @Test
  void redacted_fields_are_removed_from_the_message() {
    index.add(redaction("m1", List.of("body")));
    index.add(redaction("m1", List.of("sender")));

    TierRecord left = index.leftOf(record("m1", "u1", T));

    assertThat(index.redactedFields("acme", "m1")).containsExactly("body", "sender");
    assertThat(left).isNotNull();
    assertThat(left.getMessage()).isNotNull();
    assertThat(Facts.text(left.getMessage().getFacts(), Facts.BODY)).isNull();
    assertThat(left.getMessage().getFacts().getRedacted()).containsExactly("body", "sender");
    assertThat(Facts.text(left.getMessage().getFacts(), Facts.RECIPIENT)).isEqualTo("r");
  }

  @Test
  void a_command_covers_nothing_of_another_tenant() {
    index.add(command("globex", "m1", null, List.of(), T));
    index.add(command("globex", null, "u1", List.of(), T));

    assertThat(index.leftOf(record("m1", "u1", T))).isNotNull();
  }

  @Test
  void a_completion_notice_is_no_command() {
    index.add(
        Erasure.newBuilder()
            .setId("id")
            .setTenant("acme")
            .setMessageId("m1")
            .setAt(T)
            .setCompletedAt(T + 1)
            .setRows(4L)
            .build());

    assertThat(index.size()).isZero();
  }

  @Test
  void an_extension_notice_is_no_command() {
    index.add(Erasure.newBuilder(user("u1", T)).setDerived(List.of()).build());

    assertThat(index.size()).isZero();
  }

  @Test
  void a_scope_covers_rows_that_name_its_ids_and_unnamed_ones_of_its_periods() {
    index.add(scoped(PHONE, T + 100, T, "DE.1"));

    assertThat(index.leftOf(record("named", PHONE, T + 50, "DE.1"))).isNull();
    assertThat(index.leftOf(record("unnamed", PHONE, T - 1, null))).isNull();
    assertThat(index.leftOf(record("unnamed-later", PHONE, T, null))).isNotNull();
    assertThat(index.leftOf(record("other", PHONE, T - 1, "DE.2"))).isNotNull();
    assertThat(index.leftOf(record("created-later", PHONE, T + 101, "DE.1"))).isNotNull();
    assertThat(index.erasesAnyOf("acme", PHONE)).isTrue();
    assertThat(index.wholeUserErasedAt("acme", PHONE)).isNull();
  }

  @Test
  void of_two_scopes_of_a_user_each_has_its_own_time() {
    index.add(scoped(PHONE, T + 100, T, "DE.1"));
    index.add(scoped(PHONE, T + 300, Long.MIN_VALUE, "DE.2"));
    index.add(scoped(PHONE, T + 200, T, "DE.1"));

    assertThat(index.userErasedAt("acme", PHONE, "DE.1", T)).isEqualTo(T + 200);
    assertThat(index.userErasedAt("acme", PHONE, "DE.2", T)).isEqualTo(T + 300);
    assertThat(index.userErasedAt("acme", PHONE, null, T - 1)).isEqualTo(T + 200);
    assertThat(index.userErasedAt("acme", PHONE, null, T)).isNull();
    assertThat(index.userErasedAt("acme", PHONE, "DE.3", T - 1)).isNull();
  }

  @Test
  void an_erasure_without_a_scope_covers_all_rows_of_an_id() {
    index.add(scoped(PHONE, T + 100, T, "DE.1"));
    index.add(user(PHONE, T + 50));

    assertThat(index.userErasedAt("acme", PHONE, "DE.2", T)).isEqualTo(T + 50);
    assertThat(index.userErasedAt("acme", PHONE, "DE.1", T)).isEqualTo(T + 100);
    assertThat(index.wholeUserErasedAt("acme", PHONE)).isEqualTo(T + 50);
  }

  @Test
  void the_erasure_of_a_persons_id_covers_rows_under_a_number_that_name_it() {
    index.add(user("DE.1", T));

    assertThat(index.leftOf(record("named", PHONE, T, "DE.1"))).isNull();
    assertThat(index.leftOf(record("unnamed", PHONE, T, null))).isNotNull();
    assertThat(index.leftOf(record("other", PHONE, T, "DE.2"))).isNotNull();
    assertThat(index.wholeUserErasedAt("acme", PHONE)).isNull();
  }

  private static Erasure scoped(String id, long at, long until, String alias) {
    return Erasure.newBuilder(user(id, at))
        .setScope(new ErasureScope(List.of(alias), List.of(new Period(Long.MIN_VALUE, until))))
        .build();
  }

  private static TierRecord record(
      String messageId, String userId, long at, @Nullable String alias) {
    MessageEvent event =
        MessageEvent.newBuilder(event(messageId, userId, at))
            .setAliases(alias == null ? List.of() : List.of(alias))
            .build();
    return new TierRecord(
        "acme",
        List.of(new TimelineEntry(event, at, 1)),
        revision(messageId, event, at),
        at,
        null,
        at,
        null);
  }

  @Test
  void an_id_contains_its_time() {
    String id = ErasureIds.next(T, new Random(1));

    assertThat(ErasureIds.timeOf(id)).hasValue(T);
    assertThat(ErasureIds.timeOf("7f9c24e8-3b12-4fef-91e0-56a2d5a8bb10")).isEmpty();
    assertThat(ErasureIds.timeOf("no id")).isEmpty();
  }

  @Test
  void deletes_are_above_all_rows_created_by_then_and_below_all_created_after() {
    Erasure command = user("u1", T);

    assertThat(ErasureTimes.micros(command)).isGreaterThanOrEqualTo(T * 1000 + 999);
    assertThat(ErasureTimes.micros(command)).isLessThan((T + 1) * 1000);
    assertThat(ErasureTimes.provisionalMicros(command)).isLessThan(ErasureTimes.micros(command));
  }

  @Test
  void a_field_that_cannot_be_redacted_is_named() {
    assertThat(RedactableFields.checked(List.of("sender", "body", "body")))
        .containsExactly("body", "sender");
    assertThatThrownBy(() -> RedactableFields.checked(List.of("userId")))
        .hasMessageContaining("'userId'")
        .hasMessageContaining("recipient");
    assertThatThrownBy(() -> RedactableFields.checked(List.of())).hasMessageContaining("allowed");
  }

  private static Erasure message(String id, long at) {
    return command("acme", id, null, List.of(), at);
  }

  private static Erasure user(String id, long at) {
    return command("acme", null, id, List.of(), at);
  }

  private static Erasure redaction(String id, List<String> fields) {
    return command("acme", id, null, fields, T);
  }

  private static Erasure command(
      String tenant,
      @Nullable String message,
      @Nullable String user,
      List<String> fields,
      long at) {
    return Erasure.newBuilder()
        .setId(ErasureIds.next(at, new Random(at)))
        .setTenant(tenant)
        .setMessageId(message)
        .setUserId(user)
        .setFields(fields)
        .setAt(at)
        .build();
  }

  private static TierRecord record(String messageId, String userId, long at) {
    MessageEvent event = event(messageId, userId, at);
    return new TierRecord(
        "acme",
        List.of(new TimelineEntry(event, at, 1)),
        revision(messageId, event, at),
        at,
        null,
        at,
        null);
  }

  private static MessageRevision revision(String messageId, MessageEvent event, long at) {
    return new MessageRevision("acme", messageId, "30d", at, at, 1, 1, Facts.of(event));
  }

  private static MessageEvent event(String messageId, String userId, long at) {
    return MessageEvent.newBuilder()
        .setTenant("acme")
        .setMessageId(messageId)
        .setEventId("e-" + messageId + userId)
        .setUserId(userId)
        .setType("message.delivered")
        .setProvider("whatsapp")
        .setChannel("WHATSAPP")
        .setDirection(Direction.OUTBOUND)
        .setStatus(Status.DELIVERED)
        .setEventTime(at)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(at)
        .setSender("s")
        .setRecipient("r")
        .setBody("b")
        .setAttributes(Map.of())
        .build();
  }
}
