package io.postflight.demo.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.store.Tier;
import io.postflight.store.cql.ClusterSettings;
import io.postflight.store.cql.CqlSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

/** The version of data directories changes with the schemas of topics, state and tables. */
class DataFormatTest {
  private static final Path SCHEMAS = Path.of("../schemas/src/main/avro");

  /** The version and a hash of the Avro schemas and CQL statements, without comments. */
  private static final String PINNED = "2 3ff16849047992b8";

  @Test
  void the_version_is_raised_with_the_schemas() throws Exception {
    List<String> schemas = new ArrayList<>(avro());
    schemas.addAll(cql());

    assertThat(DataDirectory.VERSION + " " + hash(schemas))
        .as(
            "The Avro schemas or .cql files have changed. If data of the last commit is still read and"
                + " written correctly, as after a new field with a default or a new nullable column,"
                + " replace the hash in PINNED and keep the version. Else raise"
                + " DataDirectory.VERSION too, for tables SchemaFormat.VERSION, and for topics and"
                + " state TopicFormat.VERSION.")
        .isEqualTo(PINNED);
  }

  private static List<String> avro() throws IOException {
    Schema.Parser parser = new Schema.Parser();
    List<String> schemas = new ArrayList<>();
    try (Stream<Path> files = Files.list(SCHEMAS)) {
      for (Path file : files.sorted().toList()) {
        schemas.add(SchemaNormalization.toParsingForm(parser.parse(Files.readString(file))));
      }
    }
    return schemas;
  }

  private static List<String> cql() {
    ClusterSettings cluster = ClusterSettings.singleNode("127.0.0.1", 9042, "dc1", "tier");
    return new CqlSchema(Tier.of("30d", Duration.ofDays(30)), cluster).statements();
  }

  private static String hash(List<String> texts) throws GeneralSecurityException {
    byte[] all = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all), 0, 8);
  }
}
