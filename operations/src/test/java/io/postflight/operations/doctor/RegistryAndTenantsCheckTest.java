package io.postflight.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.operations.OperationsSettings;
import io.postflight.operations.TestSettings;
import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.admin.RegistryClient;
import io.postflight.operations.admin.TenantChanges;
import io.postflight.operations.doctor.Finding.Level;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.directory.TenantWriter;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.Tenant;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The checks of the registry and of tenants, before and after faults are introduced. */
class RegistryAndTenantsCheckTest {
  private final OperationsSettings settings = TestSettings.of("subjects");
  private final AvroSerdes serdes = AvroSerdes.of(settings.registry().serdeProperties());
  private final String subject = settings.kafka().topics().events() + "-value";

  @Test
  void a_signed_url_that_the_sender_chooses_fails() {
    Tenant tenant =
        Tenant.newBuilder(TenantChanges.created("acme", "30d"))
            .setSecrets(Map.of("twilio", Map.of("authToken", "t")))
            .build();

    assertThat(signedUrl("0.0.0.0", true).findings(List.of(tenant)))
        .singleElement()
        .matches(one -> one.level() == Level.FAIL && one.detail().contains("acme"))
        .matches(one -> one.advice().contains("gateway.publicUrl"));
    assertThat(signedUrl("127.0.0.1", true).findings(List.of(tenant)))
        .extracting(Finding::level)
        .containsExactly(Level.WARN);
    assertThat(signedUrl("0.0.0.0", false).findings(List.of(tenant))).isEmpty();
    Tenant other =
        Tenant.newBuilder(tenant).setSecrets(Map.of("whatsapp", Map.of("appSecret", "s"))).build();
    assertThat(signedUrl("0.0.0.0", true).findings(List.of(other))).isEmpty();
  }

  private static SignedUrlCheck signedUrl(String host, boolean senderNamesHost) {
    return new SignedUrlCheck(
        new Doctor.GatewayExposure(
            host, senderNamesHost, tenant -> tenant.getSecrets().containsKey("twilio")));
  }

  @Test
  void schemas_of_this_version_pass() throws Exception {
    send("POST", "/subjects/" + subject + "/versions", schema(MessageEvent.getClassSchema()));

    assertThat(registry()).extracting(Finding::level).containsExactly(Level.OK);
  }

  @Test
  void a_schema_that_cannot_be_read_fails() throws Exception {
    send(
        "POST",
        "/subjects/" + subject + "/versions",
        "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Other\\\",\\\"fields\\\":[]}\"}");

    failing(registry(), subject, "cannot be read by this version");
  }

  @Test
  void a_subject_without_compatibility_warns() throws Exception {
    send("POST", "/subjects/" + subject + "/versions", schema(MessageEvent.getClassSchema()));
    send("PUT", "/config/" + subject, "{\"compatibility\":\"NONE\"}");

    assertThat(registry())
        .singleElement()
        .matches(one -> one.level() == Level.WARN && one.detail().contains("NONE"));
  }

  @Test
  void a_schema_that_the_registry_would_reject_fails() throws Exception {
    send("POST", "/subjects/" + subject + "/versions", schema(withOneFieldMore()));
    send("PUT", "/config/" + subject, "{\"compatibility\":\"FULL\"}");

    failing(registry(), subject, "the registry would reject");
  }

  @Test
  void a_rejected_tenant_record_fails_and_a_tenant_without_a_key_warns() {
    Provisioning.createTopics(settings);
    String topic = settings.kafka().topics().tenants();
    TenantRules rules = TenantRules.withTiers(settings.tierNames());
    try (TenantWriter careless =
        TenantWriter.open(
            settings.kafka().clientProperties(), topic, TenantRules.anyTier(), serdes)) {
      careless.put(TenantChanges.created("fine", "30d"));
      careless.put(TenantChanges.created("lost", "31d"));
    }

    List<Finding> findings;
    try (TenantFeed feed =
        TenantFeed.start(settings.kafka().clientProperties(), topic, rules, serdes)) {
      findings = new TenantsCheck().findings(feed);
    }

    failing(findings, "lost", "there is no tier '31d'");
    assertThat(findings)
        .anyMatch(each -> each.level() == Level.WARN && each.detail().contains("no API key"));
  }

  /** Readable by us, while what we write lacks a field that the other side needs. */
  private static Schema withOneFieldMore() {
    Schema ours = MessageEvent.getClassSchema();
    List<Schema.Field> fields =
        new java.util.ArrayList<>(
            ours.getFields().stream().map(each -> new Schema.Field(each, each.schema())).toList());
    fields.add(new Schema.Field("further", Schema.create(Schema.Type.LONG), null, (Object) null));
    return Schema.createRecord(ours.getName(), null, ours.getNamespace(), false, fields);
  }

  private List<Finding> registry() {
    return new RegistryCheck(new RegistryClient(settings.registry()), settings).findings();
  }

  private static String schema(Schema schema) {
    return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
        .objectNode()
        .put("schema", schema.toString())
        .toString();
  }

  private void send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(settings.registry().url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }

  private static void failing(List<Finding> findings, String subject, String detail) {
    assertThat(findings)
        .filteredOn(each -> each.level() == Level.FAIL)
        .anyMatch(each -> each.subject().equals(subject) && each.detail().contains(detail));
  }
}
