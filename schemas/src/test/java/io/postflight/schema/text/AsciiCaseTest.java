package io.postflight.schema.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AsciiCaseTest {
  @Test
  void only_ascii_letters_change_case() {
    assertThat(AsciiCase.upper("message.rEAD-ı-ſ-ß-é")).isEqualTo("MESSAGE.READ-ı-ſ-ß-é");
    assertThat(AsciiCase.lower("Server_ACK-\u212A-İ-É")).isEqualTo("server_ack-\u212A-İ-É");
  }
}
