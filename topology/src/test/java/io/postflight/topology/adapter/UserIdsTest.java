package io.postflight.topology.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.NormalizedUserId;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserIdsTest {
  @Test
  void one_person_is_one_user_with_every_provider() {
    assertThat(
            Stream.of(
                    UserIds.ofTwilio("whatsapp:+593990000525"),
                    UserIds.ofTwilio("+593990000525"),
                    UserIds.ofTwilio(" 593990000525"),
                    UserIds.ofJid("593990000525@s.whatsapp.net"),
                    UserIds.ofJid("593990000525:12@s.whatsapp.net"),
                    UserIds.ofJid("593990000525@c.us"),
                    UserIds.ofJid("+593990000525"))
                .map(NormalizedUserId::of))
        .containsOnly("593990000525");
  }

  @ParameterizedTest
  @CsvSource({"messenger:34600111222", "ACME"})
  void other_addresses_are_unchanged(String address) {
    assertThat(UserIds.ofTwilio(address)).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({"200417000000777@lid", "12345@g.us", "status@broadcast"})
  void a_whatsapp_address_without_a_phone_number_is_unchanged(String jid) {
    assertThat(UserIds.ofJid(jid)).isEqualTo(jid);
  }
}
