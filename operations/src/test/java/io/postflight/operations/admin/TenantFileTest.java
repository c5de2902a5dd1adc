package io.postflight.operations.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.operations.OperationException;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file of tenants changes, and what it keeps. */
class TenantFileTest {
  private static final long NOW = 1_760_000_000_000L;
  private static final String HASH = "0".repeat(64);
  private static final String OTHER_HASH = "1".repeat(64);

  @TempDir Path directory;

  @Test
  void secrets_that_the_file_does_not_name_are_kept() throws IOException {
    Tenant before = withSecrets();

    Tenant after = applied("secrets.twilio.authToken = t2, secrets.wasender.webhookSecret = w");

    assertThat(after.getSecrets())
        .isEqualTo(
            Map.of(
                "whatsapp", Map.of("appSecret", "a", "verifyToken", "v"),
                "twilio", Map.of("authToken", "t2"),
                "wasender", Map.of("webhookSecret", "w")));
    AppliedTenant report = AppliedTenant.of(before, after, false);
    assertThat(report.outcome()).isEqualTo("changed");
    assertThat(report.added()).containsExactly("secrets.wasender.webhookSecret");
    assertThat(report.changed()).containsExactly("secrets.twilio.authToken");
    assertThat(report.removed()).isEmpty();
  }

  @Test
  void one_secret_of_a_provider_can_be_added() throws IOException {
    Tenant after = applied("secrets.whatsapp.appSecretPrevious = old");

    assertThat(after.getSecrets().get("whatsapp"))
        .isEqualTo(Map.of("appSecret", "a", "verifyToken", "v", "appSecretPrevious", "old"));
  }

  @Test
  void a_variable_that_is_not_set_is_named_with_its_line() throws IOException {
    Path file = directory.resolve("tenants.conf");
    Files.writeString(file, "tenants.contoso {\n  secrets.twilio.authToken = ${CONTOSO_TOKEN}\n}");

    assertThatThrownBy(() -> TenantFile.read(file, Map.of("OTHER", "x")))
        .isInstanceOf(OperationException.class)
        .hasMessageEndingWith("tenants.conf: 2: the environment variable CONTOSO_TOKEN is not set");
  }

  @Test
  void null_removes_a_secret() throws IOException {
    Tenant after = applied("secrets { twilio.authToken = null, whatsapp.verifyToken = null }");

    assertThat(after.getSecrets()).isEqualTo(Map.of("whatsapp", Map.of("appSecret", "a")));
    assertThat(AppliedTenant.of(withSecrets(), after, false).removed())
        .containsExactly("secrets.twilio.authToken", "secrets.whatsapp.verifyToken");
  }

  @Test
  void keys_that_the_file_does_not_name_are_kept() throws IOException {
    Tenant after = applied("keys = [{ id = k2, sha256 = " + OTHER_HASH + ", scopes = [read] }]");
    Tenant replaced = applied("keys = [{ id = k1, sha256 = " + OTHER_HASH + " }]");

    assertThat(after.getKeys())
        .containsExactly(
            new ApiKey("k1", HASH, List.of("read"), 5L),
            new ApiKey("k2", OTHER_HASH, List.of("read"), NOW));
    assertThat(replaced.getKeys()).extracting(ApiKey::getSha256).containsExactly(OTHER_HASH);
  }

  @Test
  void the_same_file_changes_nothing_the_second_time() throws IOException {
    String content =
        "tier = 30d, secrets.whatsapp.appSecret = a, keys = [{ id = k1, sha256 = "
            + HASH
            + ", scopes = [read] }]";

    assertThat(applied(content)).isEqualTo(withSecrets());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secrets = null | null for a single secret",
        "tier = null | 'tier' is null",
        "secrets.twilio = null | must be an object",
        "secrets.twilio.authToken = [a] | must be a text",
        "secrets.twilio.authToken = \"\" | secrets.twilio.authToken is blank; allowed: a text, or null",
        "secrets.twilio.token = null | no secret 'token'",
        "secrets.sendgrid.token = a | no secret 'token'",
        "secrets.standard.token = a | no secret 'token'"
      })
  void what_cannot_be_removed_is_refused(String content, String problem) {
    assertThatThrownBy(() -> applied(content)).hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sendgrid.verificationKey = n0nsense | the verification key that SendGrid shows",
        "sendgrid.signingKey = n0nsense | an EC private key",
        "standard.signingSecret = \"n0nsense %%\" | base64, with or without whsec_ in front",
        "standard.signingSecretPrevious = \"n0nsense %%\" | base64",
        "standard.signingSecret = whsec_ | base64",
        "aws.topicArn = n0nsense | ARNs of topics of SNS",
        "aws.topicArn = \"arn:aws:sns:eu-west-1:123456789012:a,n0nsense\" | ARNs of topics of SNS"
      })
  void a_secret_that_can_never_work_is_refused(String secret, String allowed) {
    String name = "secrets." + secret.substring(0, secret.indexOf(' '));

    assertThatThrownBy(() -> applied("secrets." + secret))
        .hasMessageContaining(name + " can never work; allowed: ")
        .hasMessageContaining(allowed)
        .hasMessageNotContaining("n0nsense");
  }

  @Test
  void secrets_of_the_form_that_the_provider_shows_are_accepted() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
    String key = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    String signing = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());

    Tenant after =
        applied(
            ("secrets { sendgrid { verificationKey = \"%s\", signingKey = \"%s\" },"
                    + " standard { signingSecret = whsec_c2VjcmV0, signingSecretPrevious = c2VjcmV0 },"
                    + " aws { topicArn = \"arn:aws:sns:eu-west-1:123456789012:a,"
                    + " arn:aws-cn:sns:cn-north-1:123456789012:b.fifo\", accessKey = any } }")
                .formatted(key, signing));

    assertThat(after.getSecrets()).containsKeys("sendgrid", "standard", "aws");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timelineShards = 3.7 | timelineShards 3.7 is not a whole number",
        "listingShards = 0.5 | listingShards 0.5 is not a whole number",
        "keys = [{ id = k1 }] | key 'sha256' (tenant 'contoso')",
        "keys = [{ id = k_1, sha256 = a }] | keys: id 'k_1' is not allowed; 1 to 32 letters, digits and '-'"
      })
  void a_wrong_value_is_refused_with_the_file_and_the_key(String content, String problem) {
    assertThatThrownBy(() -> applied(content))
        .hasMessageContaining(problem)
        .satisfies(
            refused ->
                assertThat(String.valueOf(refused.getMessage()).split("tenants.conf", -1))
                    .as("names the file once")
                    .hasSize(2));
  }

  private Tenant applied(String content) throws IOException {
    Path file = directory.resolve("tenants.conf");
    Files.writeString(file, "tenants.contoso { " + content + " }");
    return TenantFile.read(file, Map.of()).applied("contoso", withSecrets(), NOW);
  }

  private static Tenant withSecrets() {
    return Tenant.newBuilder(TenantChanges.created("contoso", "30d"))
        .setSecrets(
            Map.of(
                "whatsapp", Map.of("appSecret", "a", "verifyToken", "v"),
                "twilio", Map.of("authToken", "t")))
        .setKeys(List.of(new ApiKey("k1", HASH, List.of("read"), 5L)))
        .build();
  }
}
