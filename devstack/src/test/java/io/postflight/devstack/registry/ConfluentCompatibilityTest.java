package io.postflight.devstack.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumWriter;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryEncoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.apache.flink.avro.shaded.org.apache.avro.io.EncoderFactory;
import org.apache.flink.formats.avro.registry.confluent.ConfluentSchemaRegistryCoder;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

/**
 * Postflight's serde and registry are compatible with Confluent's own client, as shaded by Flink.
 */
class ConfluentCompatibilityTest {
  private final String url = SharedServers.registry().url();
  private final String topic = SharedServers.uniqueName("tenants");
  private final String subject = topic + "-value";
  private final SchemaRegistryClient confluent = new CachedSchemaRegistryClient(url, 100);
  private final Serde<Tenant> ours =
      AvroSerdes.of(Map.of("schema.registry.url", url)).value(Tenant.class);

  private final Tenant tenant =
      new Tenant(
          "acme",
          List.of(new TierPeriod("30d", 0L)),
          List.of(new ShardVersion(1, 0L)),
          List.of(new ShardVersion(4, 17L)),
          List.of(new ApiKey("k1", "ab12", List.of("read", "write"), 1_760_659_226_000L)),
          Map.of("twilio", Map.of("authToken", "¡señal! 🙈")));

  @Test
  void confluents_client_finds_what_we_registered_under_the_same_identity() throws Exception {
    byte[] bytes = ours.serializer().serialize(topic, tenant);

    int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
    AvroSchema registered = (AvroSchema) confluent.getSchemaById(id);
    assertThat(registered.canonicalString()).doesNotContain("avro.java.string");
    assertThat(confluent.getId(subject, registered)).isEqualTo(id);
    assertThat(confluent.register(subject, registered)).isEqualTo(id);
    assertThat(confluent.getAllVersions(subject)).containsExactly(1);
  }

  @Test
  void we_find_what_confluents_client_registered_under_the_same_identity() throws Exception {
    String schema = schemaFromOurRegistration();
    int id = confluent.register(subject, new AvroSchema(schema));

    byte[] bytes =
        AvroSerdes.of(Map.of("schema.registry.url", url, "auto.register.schemas", "false"))
            .value(Tenant.class)
            .serializer()
            .serialize(topic, tenant);

    assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(id);
  }

  @Test
  void a_reader_with_confluents_client_reads_what_we_wrote() throws Exception {
    byte[] bytes = ours.serializer().serialize(topic, tenant);

    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    Schema schema = new ConfluentSchemaRegistryCoder(confluent).readSchema(in);
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(in, null));

    assertThat(read.get("id")).hasToString("acme");
    assertThat(read.get("secrets")).hasToString("{twilio={authToken=¡señal! 🙈}}");
    assertThat(((GenericRecord) ((List<?>) read.get("listing_shards")).get(0)).get("from"))
        .isEqualTo(17L);
  }

  @Test
  void we_read_what_a_writer_with_confluents_client_wrote() throws Exception {
    byte[] theirs = writtenWithConfluentsClient(ours.serializer().serialize(topic, tenant));

    assertThat(ours.deserializer().deserialize(topic, theirs)).isEqualTo(tenant);
  }

  /** Decodes with Flink's Avro, and encodes the record again with Confluent's prefix. */
  private byte[] writtenWithConfluentsClient(byte[] bytes) throws IOException {
    ConfluentSchemaRegistryCoder coder = new ConfluentSchemaRegistryCoder(subject, confluent);
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    Schema schema = coder.readSchema(in);
    GenericRecord record =
        new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(in, null));

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    coder.writeSchema(schema, out);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private String schemaFromOurRegistration() throws Exception {
    String other = SharedServers.uniqueName("other");
    byte[] bytes = ours.serializer().serialize(other, tenant);
    return ((AvroSchema) confluent.getSchemaById(ByteBuffer.wrap(bytes, 1, 4).getInt()))
        .canonicalString();
  }
}
