package io.postflight.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.postflight.schema.message.TierRecord;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Records that were written before fields were added. */
class EarlierSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Fields that were added, all with a default. */
  private static final Set<String> ADDED = Set.of("aliases", "edited_at", "edit", "revoked_at");

  @Test
  void added_fields_of_an_earlier_record_have_their_defaults() throws IOException {
    TierRecord record = SampleRecords.tierRecord();
    Schema today = WireSchema.of(TierRecord.getClassSchema());
    Schema earlier = withoutAdded(today);
    assertThat(earlier.toString()).doesNotContain("revoked_at").contains("unconfirmed_at");
    int id = InMemorySchemaRegistry.shared("earlier").register("store.30d-value", earlier);

    TierRecord read =
        AvroSerdes.mock("earlier")
            .value(TierRecord.class)
            .deserializer()
            .deserialize("store.30d", bytes(id, asEarlier(record, today, earlier), earlier));

    assertThat(read.getMessage()).isEqualTo(record.getMessage());
    assertThat(read.getTimeline().get(0).getEvent().getAliases()).isEqualTo(List.of());
    assertThat(read.getTimeline().get(0).getAnchor())
        .isEqualTo(record.getTimeline().get(0).getAnchor());
  }

  private static GenericRecord asEarlier(TierRecord record, Schema today, Schema earlier)
      throws IOException {
    byte[] bytes =
        AvroSerdes.mock("earlier")
            .value(TierRecord.class)
            .serializer()
            .serialize("store.30d", record);
    return new GenericDatumReader<GenericRecord>(today, earlier)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
  }

  private static byte[] bytes(int id, GenericRecord record, Schema schema) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataOutputStream prefix = new DataOutputStream(out);
    prefix.writeByte(0);
    prefix.writeInt(id);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static Schema withoutAdded(Schema schema) throws IOException {
    JsonNode json = JSON.readTree(schema.toString());
    removeAdded(json);
    return new Schema.Parser().parse(json.toString());
  }

  private static void removeAdded(JsonNode node) {
    if (node.get("fields") instanceof ArrayNode fields) {
      for (int i = fields.size() - 1; i >= 0; i--) {
        if (ADDED.contains(fields.get(i).get("name").asText())) {
          fields.remove(i);
        }
      }
    }
    node.forEach(EarlierSchemaTest::removeAdded);
  }
}
