package io.postflight.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.Test;

/**
 * A new version of a schema can read every released one, since records written under it lie in
 * topics and state stores for months.
 *
 * <p>Nothing stored before release 0.1.0 stays readable. Adding a release: run this test with
 * {@code -Dpostflight.schemas.release=<version>}; it writes the present schemas to {@code
 * src/main/avro-released/<version>/}, to be committed. What has been released is never changed.
 */
class SchemasStayCompatibleTest {
  private static final Path RELEASED = Path.of("src/main/avro-released");
  private static final String HOW =
      "%s: today's %s cannot read records of release %s. Give a new field a default, add an alias"
          + " to a renamed one, give an enum a default and do not change types; to add a release,"
          + " run this test with -Dpostflight.schemas.release=<version>.%n%s";

  @Test
  void every_record_can_read_every_release_of_itself() throws IOException {
    release();
    List<Path> releases = list(RELEASED);
    assertThat(releases.isEmpty())
        .as("there are no releases before 0.1.0 and there is one after it: " + releases)
        .isEqualTo(Files.readString(Path.of("pom.xml")).contains("<version>0.1.0-SNAPSHOT<"));

    for (Path release : releases) {
      for (Path file : list(release)) {
        Schema written = new Schema.Parser().parse(Files.readString(file));
        assertThat(TrustedRecords.ROOTS)
            .as("%s is released and is gone", written.getFullName())
            .anyMatch(root -> root.getFullName().equals(written.getFullName()));
        assertReads(root(written.getFullName()), written, file, release);
      }
    }
  }

  @Test
  void every_record_and_every_field_is_documented() {
    List<String> silent = new ArrayList<>();
    TrustedRecords.ROOTS.forEach(root -> collectSilent(root, silent, new ArrayList<>()));

    assertThat(silent).as("without a doc string").isEmpty();
  }

  private static void assertReads(Schema reader, Schema written, Path file, Path release) {
    var result =
        SchemaCompatibility.checkReaderWriterCompatibility(WireSchema.of(reader), written)
            .getResult();
    assertThat(result.getIncompatibilities())
        .as(HOW.formatted(file, reader.getName(), release.getFileName(), result))
        .isEmpty();
  }

  private static Schema root(String fullName) {
    return TrustedRecords.ROOTS.stream()
        .filter(root -> root.getFullName().equals(fullName))
        .findFirst()
        .orElseThrow();
  }

  private static void release() throws IOException {
    String version = System.getProperty("postflight.schemas.release", "");
    if (!version.isEmpty()) {
      Path directory = Files.createDirectories(RELEASED.resolve(version));
      for (Schema root : TrustedRecords.ROOTS) {
        Files.writeString(
            directory.resolve(root.getName() + ".avsc"),
            SchemaFormatter.format("json/pretty", WireSchema.of(root)) + "\n");
      }
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static void collectSilent(Schema schema, List<String> silent, List<String> seen) {
    switch (schema.getType()) {
      case RECORD, ENUM -> {
        if (seen.contains(schema.getFullName())) {
          return;
        }
        seen.add(schema.getFullName());
        if (schema.getDoc() == null || schema.getDoc().isBlank()) {
          silent.add(schema.getFullName());
        }
        if (schema.getType() == Schema.Type.RECORD) {
          for (Schema.Field field : schema.getFields()) {
            if (field.doc() == null || field.doc().isBlank()) {
              silent.add(schema.getFullName() + "." + field.name());
            }
            collectSilent(field.schema(), silent, seen);
          }
        }
      }
      case ARRAY -> collectSilent(schema.getElementType(), silent, seen);
      case MAP -> collectSilent(schema.getValueType(), silent, seen);
      case UNION -> schema.getTypes().forEach(type -> collectSilent(type, silent, seen));
      default -> {
        // Avro's own types.
      }
    }
  }
}
