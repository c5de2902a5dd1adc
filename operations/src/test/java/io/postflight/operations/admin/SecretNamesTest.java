package io.postflight.operations.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.operations.OperationException;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretNamesTest {
  private static Map<String, List<String>> missing(Map<String, Map<String, String>> secrets) {
    return SecretNames.missing(
        new Tenant(
            "acme",
            List.of(new TierPeriod("30d", 0L)),
            List.of(new ShardVersion(1, 0L)),
            List.of(new ShardVersion(1, 0L)),
            List.of(),
            secrets));
  }

  @Test
  void one_of_several_secrets_is_enough_where_the_provider_can_be_set_up_in_several_ways() {
    assertThat(missing(Map.of()))
        .containsEntry("sinch", List.of("webhookSecret or token"))
        .containsEntry("aws", List.of("accessKey or topicArn"))
        .containsEntry("sendgrid", List.of("verificationKey"))
        .containsEntry("whatsapp", List.of("appSecret", "verifyToken"))
        .doesNotContainKey("events");
    assertThat(missing(Map.of("sinch", Map.of("token", "t"), "aws", Map.of("topicArn", "a"))))
        .doesNotContainKeys("sinch", "aws");
  }

  @Test
  void a_secret_is_the_first_of_the_provider_unless_it_is_named() {
    assertThat(SecretNames.ofProvider("sinch", "abc=", Map.of()))
        .containsExactly(Map.entry("webhookSecret", "abc="));
    assertThat(SecretNames.ofProvider("sinch", "token=abc", Map.of()))
        .containsExactly(Map.entry("token", "abc"));
  }

  @Test
  void secrets_for_tests_have_allowed_names_too() {
    assertThat(SecretNames.problems(Map.of("sendgrid", Set.of("verificationKey", "signingKey"))))
        .isEmpty();
    assertThat(SecretNames.problems(Map.of("sendgrid", Set.of("token")))).hasSize(1);
  }

  @Test
  void a_secret_of_the_command_line_that_can_never_work_is_refused() {
    assertThatThrownBy(() -> SecretNames.parse(List.of("aws.topicArn=n0nsense")))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("secrets.aws.topicArn can never work; allowed: ARNs of topics of SNS")
        .hasMessageNotContaining("n0nsense");
  }

  @Test
  void a_get_of_a_provider_that_never_calls_so_is_refused() {
    SecretNames.requireGet("firetext");

    assertThatThrownBy(() -> SecretNames.requireGet("sendgrid"))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("firetext, messagebird, twilio, vonage");
  }
}
