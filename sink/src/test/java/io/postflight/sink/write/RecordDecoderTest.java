package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.LinkRelation;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.sink.Fixtures;
import io.postflight.sink.write.RecordDecoder.Command;
import io.postflight.sink.write.RecordDecoder.Decoded;
import io.postflight.sink.write.RecordDecoder.DecodedRows;
import io.postflight.sink.write.RecordDecoder.Rejected;
import io.postflight.store.Rows;
import io.postflight.store.StoreSamples;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {
  private static final AliasLink LINK =
      new AliasLink("593990000525", LinkRelation.SAME, 5L, 5L, null);

  private final Serde<TierRecord> serde = AvroSerdes.mock("decoder").value(TierRecord.class);
  private final RecordDecoder decoder =
      new RecordDecoder(serde.deserializer(), Fixtures.TIER, 1 << 20);

  @Test
  void a_record_with_a_command_is_decoded_as_a_command() {
    Erasure command = Fixtures.erasure("m1", null);

    assertThat(decode(Fixtures.command(command))).isEqualTo(new Command(command));
  }

  @Test
  void a_command_with_an_unknown_field_is_rejected_and_the_field_named() {
    Erasure command =
        Erasure.newBuilder(Fixtures.erasure("m1", null)).setFields(List.of("subject")).build();

    assertThat(decode(Fixtures.command(command)))
        .isInstanceOfSatisfying(
            Rejected.class,
            poison -> {
              assertThat(poison.reason()).isEqualTo(RejectionReason.MALFORMED_BODY);
              assertThat(poison.detail()).contains("'subject'").contains("recipient");
            });
  }

  @Test
  void commands_without_subject_or_with_rows_are_rejected() {
    Erasure aimless = Erasure.newBuilder(Fixtures.erasure("m1", null)).setMessageId(null).build();
    TierRecord both =
        TierRecord.newBuilder(Fixtures.delivered("u1", "m1"))
            .setCommand(Fixtures.erasure("m1", null))
            .build();

    assertThat(decode(Fixtures.command(aimless))).isInstanceOf(Rejected.class);
    assertThat(decode(both)).isInstanceOf(Rejected.class);
  }

  @Test
  void a_record_with_links_of_an_id_has_one_row() {
    TierRecord links = StoreSamples.identity("acme", "DE.1", 1_000, LINK);

    assertThat(decode(links))
        .isEqualTo(
            new DecodedRows(
                Rows.of(links, Fixtures.TIER),
                Rows.of(links, Fixtures.TIER).get(0).sizeBytes(),
                1_000));
  }

  @Test
  void links_together_with_rows_or_a_command_are_rejected() {
    AliasLinks links = new AliasLinks("acme", "DE.1", 1_000L, List.of(LINK));
    TierRecord withRows =
        TierRecord.newBuilder(Fixtures.delivered("u1", "m1")).setIdentity(links).build();
    TierRecord withCommand =
        TierRecord.newBuilder(Fixtures.command(Fixtures.erasure("m1", null)))
            .setIdentity(links)
            .build();

    assertThat(decode(withRows)).isInstanceOf(Rejected.class);
    assertThat(decode(withCommand)).isInstanceOf(Rejected.class);
  }

  @Test
  void a_record_with_an_oversized_key_is_rejected_and_the_column_named() {
    assertThat(decode(Fixtures.delivered("u".repeat(70_000), "m1")))
        .isInstanceOfSatisfying(
            Rejected.class,
            poison -> {
              assertThat(poison.reason()).isEqualTo(RejectionReason.TOO_LARGE);
              assertThat(poison.detail())
                  .startsWith("user_id has 70000 bytes")
                  .contains("65535")
                  .hasSizeLessThan(200);
            });
  }

  private Decoded decode(TierRecord record) {
    byte[] value = serde.serializer().serialize("store.30d", record);
    return decoder.decode(new SourceRecord("store.30d", 0, 0, null, value, new RecordHeaders()));
  }
}
