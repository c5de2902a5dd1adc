package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.sink.RecordDecoder.Command;
import io.postflight.sink.RecordDecoder.Decoded;
import io.postflight.sink.RecordDecoder.Poison;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {
  private final Serde<TierRecord> serde = AvroSerdes.mock("decoder").value(TierRecord.class);
  private final RecordDecoder decoder =
      new RecordDecoder(serde.deserializer(), Fixtures.TIER, 1 << 20);

  @Test
  void a_record_with_a_command_is_a_command() {
    Erasure command = Fixtures.erasure("m1", null);

    assertThat(decode(Fixtures.command(command))).isEqualTo(new Command(command));
  }

  @Test
  void a_command_with_a_field_that_is_not_known_is_poison_that_names_it() {
    Erasure command =
        Erasure.newBuilder(Fixtures.erasure("m1", null)).setFields(List.of("subject")).build();

    assertThat(decode(Fixtures.command(command)))
        .isInstanceOfSatisfying(
            Poison.class,
            poison -> {
              assertThat(poison.reason()).isEqualTo(RejectionReason.MALFORMED_BODY);
              assertThat(poison.detail()).contains("'subject'").contains("recipient");
            });
  }

  @Test
  void a_command_of_no_subject_and_one_with_rows_are_poison() {
    Erasure aimless = Erasure.newBuilder(Fixtures.erasure("m1", null)).setMessageId(null).build();
    TierRecord both =
        TierRecord.newBuilder(Fixtures.delivered("u1", "m1"))
            .setCommand(Fixtures.erasure("m1", null))
            .build();

    assertThat(decode(Fixtures.command(aimless))).isInstanceOf(Poison.class);
    assertThat(decode(both)).isInstanceOf(Poison.class);
  }

  @Test
  void a_record_with_a_key_that_no_database_can_hold_is_poison_that_names_the_column() {
    assertThat(decode(Fixtures.delivered("u".repeat(70_000), "m1")))
        .isInstanceOfSatisfying(
            Poison.class,
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
