package io.postflight.topology.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserIdsTest {
  @Test
  void one_person_is_one_user_with_every_provider() {
    assertThat(UserIds.ofNumber("593990000525"))
        .isEqualTo("593990000525")
        .isEqualTo(UserIds.ofTwilio("whatsapp:+593990000525"))
        .isEqualTo(UserIds.ofTwilio("+593990000525"))
        .isEqualTo(UserIds.ofTwilio(" 593990000525"))
        .isEqualTo(UserIds.ofJid("593990000525@s.whatsapp.net"))
        .isEqualTo(UserIds.ofJid("593990000525:12@s.whatsapp.net"))
        .isEqualTo(UserIds.ofJid("593990000525@c.us"))
        .isEqualTo(UserIds.ofJid("+593990000525"))
        .isEqualTo(UserIds.ofNumber("+593 99 000-0525"));
  }

  @ParameterizedTest
  @CsvSource({"GB.20417733905518264", "user.5b21", "bla", "+4420XXXX", "12 34", "+1"})
  void what_is_no_number_stays_as_it_is(String id) {
    assertThat(UserIds.ofNumber(id)).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({"messenger:34600111222", "ACME"})
  void an_address_of_another_kind_stays_whole(String address) {
    assertThat(UserIds.ofTwilio(address)).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({"200417000000777@lid", "12345@g.us", "status@broadcast"})
  void an_address_of_whatsapp_that_is_no_number_stays_whole(String jid) {
    assertThat(UserIds.ofJid(jid)).isEqualTo(jid);
  }
}
