package io.postflight.topology.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.erasure.Period;
import io.postflight.schema.serde.TrustedRecords;
import io.postflight.topology.SimulatedStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The retained commands of one id")
class RetainedCommandStoreTest {
  static {
    TrustedRecords.trust(); // Avro copies trusted records only
  }

  private static final String NUMBER = "491701234567";
  private static final String ADA = "DE.111";
  private static final String BOB = "DE.222";
  private static final long T = 1_760_000_000_000L;
  private static final int MEGABYTE = 1024 * 1024;

  private final SimulatedStore<String, LifecycleCommand> store = new SimulatedStore<>("erasures");
  private final List<String> limits = new ArrayList<>();
  private final RetainedCommandStore retained = new RetainedCommandStore(store, null, limits::add);

  @Test
  void are_one_command_however_often_a_requested_one_is_extended() {
    for (int i = 0; i < 200; i++) {
      Erasure command = command("e" + i, "root", T, scope(ADA, T + i * 100L, T + i * 100L + 50));
      assertThat(retained.putOfUser(command)).as("news").isTrue();
      assertThat(retained.putOfUser(command)).as("repeated").isFalse();
    }

    assertThat(record().getOthers()).isEmpty();
    assertThat(erasedBy(null, T + 19_920)).isNotNull();
    assertThat(erasedBy(null, T + 19_960)).isNull();
    assertThat(erasedBy(ADA, T + 19_960)).isNotNull();
    assertThat(erasedBy(BOB, T + 19_920)).isNull();
  }

  @Test
  void leave_out_those_whose_rows_a_later_one_covers_too() {
    retained.putOfUser(command("e1", null, T, scope(ADA, T, T + 50)));
    retained.putOfUser(command("e2", null, T + 1, scope(BOB, T + 50, T + 90)));

    assertThat(retained.putOfUser(command("e3", null, T + 2, scope(ADA, T, T + 60)))).isTrue();
    assertThat(record().getOthers()).extracting(Erasure::getId).containsExactly("e2");
    assertThat(retained.putOfUser(command("e4", null, T + 2, scope(ADA, T, T + 55)))).isFalse();

    assertThat(retained.putOfUser(command("e5", null, T + 3, null))).isTrue();
    assertThat(record().getOthers()).isEmpty();
  }

  @Test
  void keep_an_earlier_one_that_covers_more_rows() {
    retained.putOfUser(command("e1", null, T, null));

    assertThat(retained.putOfUser(command("e2", null, T + 9, scope(ADA, T, T + 50)))).isTrue();

    assertThat(erasedBy(null, T + 10)).extracting(Erasure::getAt).isEqualTo(T + 9);
    assertThat(erasedBy(null, T + 60)).extracting(Erasure::getAt).isEqualTo(T);
  }

  @Test
  void are_merged_person_by_person_before_the_record_is_too_large() throws IOException {
    for (int i = 0; i < 400; i++) {
      boolean ada = i % 2 == 0;
      String id = (ada ? ADA : BOB) + "€".repeat(400);
      // Each covers a period that no later one does.
      retained.putOfUser(
          command(
              "e" + i + "€".repeat(1_500),
              null,
              T + i,
              scope(id, T + i * 100L, T + i * 100L + 50)));
      assertThat(bytes(record())).isLessThan(MEGABYTE);
    }

    assertThat(limits).isNotEmpty().containsOnly("COMMANDS_MERGED");
    assertThat(erasedBy(null, T)).isNotNull();
    assertThat(erasedBy(null, T + 60)).as("in no period").isNull();
    assertThat(erasedBy(null, T + 39_900)).extracting(Erasure::getAt).isEqualTo(T + 399);
    assertThat(record().getOthers())
        .allSatisfy(
            each -> assertThat(Objects.requireNonNull(each.getScope()).getAliases()).hasSize(1));
  }

  @Test
  void do_not_contain_one_that_is_too_large_itself() throws IOException {
    retained.putOfUser(command("e1", null, T, scope(ADA, T, T + 50)));

    assertThat(retained.putOfUser(command("e2", null, T, scope("€".repeat(400_000), T, T + 90))))
        .as("it is applied")
        .isTrue();

    assertThat(limits).contains("COMMAND_TOO_LARGE");
    assertThat(bytes(record())).isLessThan(MEGABYTE);
    assertThat(erasedBy(null, T + 10)).isNotNull();
  }

  private @Nullable Erasure erasedBy(@Nullable String alias, long time) {
    return retained.ofUser("acme", NUMBER, alias, time);
  }

  private LifecycleCommand record() {
    return Objects.requireNonNull(store.get("u|acme|" + NUMBER));
  }

  private static int bytes(LifecycleCommand command) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new SpecificDatumWriter<>(LifecycleCommand.class).write(command, encoder);
    encoder.flush();
    return bytes.size();
  }

  private static ErasureScope scope(String alias, long from, long until) {
    return new ErasureScope(List.of(alias), List.of(new Period(from, until)));
  }

  private static Erasure command(
      String id, @Nullable String root, long at, @Nullable ErasureScope scope) {
    return Erasure.newBuilder()
        .setId(id)
        .setTenant("acme")
        .setUserId(NUMBER)
        .setAt(at)
        .setScope(scope)
        .setRoot(root)
        .build();
  }
}
