package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.TierRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contract of event stores: redaction of fields. */
public abstract class RedactionContract extends CommandContract {
  @Test
  void redacted_fields_are_deleted_and_the_others_kept() {
    long time = now() - 50_000;
    List<TierRecord> lifecycle = lifecycle("m1", USER, time);
    write(lifecycle);
    MessageFacts before = facts("m1");

    assertThat(erase(redaction("m1", List.of("body", "sender"), now()))).isEqualTo(1);

    assertThat(facts("m1"))
        .isEqualTo(Facts.join(before, Facts.redacted(List.of("body", "sender"))));
    assertThat(allRows(tenant)).noneMatch(row -> row.contains("Grüße"));
    assertThat(erase(redaction("m1", List.of("body", "sender"), now()))).isZero();
  }

  @Test
  void an_edited_text_is_redacted_with_the_body() {
    long time = now() - 50_000;
    List<TierRecord> edited =
        StoreSamples.lifecycle(
            TIER.name(),
            StoreSamples.event(tenant, USER, "m1", Status.SENT, time),
            StoreSamples.builder(tenant, USER, "m1", Status.ANNOTATION, time + 1_000)
                .setProviderStatus(Edits.EDIT)
                .setBody("né plus tard")
                .build(),
            StoreSamples.event(tenant, USER, "m1", Status.DELIVERED, time + 2_000));
    write(edited);
    assertThat(Edits.body(facts("m1"))).isEqualTo("né plus tard");

    assertThat(erase(redaction("m1", List.of("body"), now()))).isEqualTo(1);
    List<String> redacted = allRows(tenant);
    write(edited);

    assertThat(Edits.body(facts("m1"))).isNull();
    assertThat(facts("m1").getEditedAt()).isEqualTo(time + 1_000);
    assertThat(allRows(tenant)).isEqualTo(redacted).noneMatch(row -> row.contains("tard"));
  }

  @Test
  void redactions_accumulate() {
    long time = now() - 50_000;
    write(lifecycle("m1", USER, time));
    MessageFacts before = facts("m1");

    for (List<String> fields :
        List.of(List.of("price", "recipient"), List.of("attributes"), List.of("body"))) {
      erase(redaction("m1", fields, now()));
    }

    assertThat(facts("m1"))
        .isEqualTo(
            Facts.join(
                before, Facts.redacted(List.of("attributes", "body", "price", "recipient"))));
  }

  @Test
  void a_redacted_message_stays_redacted_when_its_records_are_written_again() {
    long time = now() - 50_000;
    List<TierRecord> lifecycle = lifecycle("m1", USER, time);
    write(lifecycle);
    erase(redaction("m1", List.of("attributes", "body", "error", "price", "sender"), now()));
    List<String> redacted = allRows(tenant);

    write(lifecycle);

    assertThat(allRows(tenant)).isEqualTo(redacted);
  }

  @Test
  void a_redacted_error_is_deleted_from_every_table_and_its_times_are_kept() {
    long time = now() - 50_000;
    write(lifecycle("m1", USER, time));
    write(
        StoreSamples.timeline(
            StoreSamples.builder(tenant, USER, "m2", Status.SENT, time)
                .setError(new EventError("77", null, null))
                .build(),
            1));
    MessageFacts before = facts("m1");

    long rows = erase(redaction("m1", List.of("error"), now()));

    assertThat(rows).isEqualTo(3);
    assertThat(allRows(tenant)).noneMatch(row -> row.contains("131047"));
    assertThat(allRows(tenant)).anyMatch(row -> row.contains("77"));
    assertThat(facts("m1")).isEqualTo(Facts.join(before, Facts.redacted(List.of("error"))));
    assertThat(latest("message.failed"))
        .singleElement()
        .satisfies(item -> assertThat(item.errorCode()).isNull());
    assertThat(erase(redaction("m1", List.of("error"), now()))).isZero();
  }

  @Test
  void redacting_a_missing_message_creates_no_row() {
    assertThat(erase(redaction("m1", List.of("body", "error"), now()))).isZero();
    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void an_erasure_stamped_before_a_redaction_leaves_nothing_of_it() {
    long time = now() - 100_000;
    for (String id : List.of("m1", "m2")) {
      write(lifecycle(id, USER, time));
      erase(redaction(id, List.of("body", "error"), now()));
    }

    erase(message("m1", time + 60_000));
    erase(user(USER, time + 60_000));

    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void a_redacted_error_is_deleted_from_both_listing_rows() {
    startSecondLifecycle("m1", now() - 20 * DAY, now() - 100_000);
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant))
        .hasSize(2)
        .anyMatch(row -> row.contains("131047"));

    erase(redaction("m1", List.of("error"), now()));

    assertThat(allRows(tenant)).noneMatch(row -> row.contains("131047"));
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant)).hasSize(2);
  }
}
