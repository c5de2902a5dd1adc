package io.postflight.topology.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Real webhooks and their expected events: the folder given by {@code -Dpostflight.payloads} and
 * its {@code EXPECTED.tsv}. Skipped without the property; a missing folder is a failure.
 */
@DisplayName("Real webhooks become what EXPECTED.tsv says")
class ConformanceTest {
  private static final String SETTING = "postflight.payloads";

  /** Later than every sample but one, which is a date of this year's autumn. */
  private static final long RECEIVED_AT = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();

  private static final Map<String, String> PROVIDERS =
      Map.ofEntries(
          Map.entry("wac", "whatsapp"),
          Map.entry("waonprem", "whatsapp-onprem"),
          Map.entry("waturn", "whatsapp-onprem"),
          Map.entry("wasender", "wasender"),
          Map.entry("baileys", "wasender"),
          Map.entry("evolution", "wasender"));

  private static final Pattern GET = Pattern.compile("GET [^ ?]*\\?(\\S*) HTTP/1\\.1\\s*");
  private static final Pattern ERROR = Pattern.compile("\\berror=(.+)$");
  private static final Pattern ZONE_WITHOUT_COLON = Pattern.compile("([+-]\\d\\d)(\\d\\d)$");

  private final Normalizer normalizer = Normalizer.ofAllProviders();

  /** A row of the table. */
  private record CaseRow(
      String file, String kind, int number, String meaning, String id, String time, String remark) {
    static CaseRow of(String line) {
      String[] cells = line.split("\t", -1);
      return new CaseRow(
          cells[0], cells[1], Integer.parseInt(cells[2]), cells[3], cells[5], cells[6], cells[7]);
    }

    String provider() {
      String prefix = file.substring(0, file.indexOf('_'));
      return PROVIDERS.getOrDefault(prefix, prefix);
    }

    boolean expectsEvent() {
      return number > 0;
    }
  }

  @Test
  void every_sample_has_the_expected_outcome() throws IOException {
    String setting = System.getProperty(SETTING, "");
    assumeFalse(setting.isBlank(), "no folder of real webhooks is named by -D" + SETTING);
    Path folder = Path.of(setting);
    Map<String, List<CaseRow>> rows = rows(folder);
    SoftAssertions softly = new SoftAssertions();
    int checked = 0;
    Set<String> providers = new TreeSet<>();
    for (Map.Entry<String, List<CaseRow>> file : rows.entrySet()) {
      CaseRow first = file.getValue().get(0);
      if (normalizer.providers().contains(first.provider()) && !first.kind().equals("vector")) {
        check(folder, file.getValue(), softly);
        checked += file.getValue().size();
        providers.add(first.provider());
      }
    }
    softly.assertAll();
    assertThat(checked).as("rows checked").isGreaterThan(90);
    assertThat(providers).as("providers with samples").isSubsetOf(normalizer.providers());
    assertThat(normalizer.providers())
        .as("our own format has no samples of others")
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(providers.stream(), Stream.of("events", "standard")).toList());
  }

  private Map<String, List<CaseRow>> rows(Path folder) throws IOException {
    Path table = folder.resolve("EXPECTED.tsv");
    if (!Files.isReadable(table)) {
      fail("-D%s=%s names a folder without a readable EXPECTED.tsv", SETTING, folder);
    }
    Map<String, List<CaseRow>> rows = new LinkedHashMap<>();
    List<String> lines = Files.readAllLines(table);
    for (String line : lines.subList(1, lines.size())) {
      if (!line.isBlank()) {
        CaseRow row = CaseRow.of(line);
        rows.computeIfAbsent(row.file(), name -> new ArrayList<>()).add(row);
      }
    }
    return rows;
  }

  private void check(Path folder, List<CaseRow> rows, SoftAssertions softly) throws IOException {
    CaseRow first = rows.get(0);
    List<Outcome> outcomes = normalizer.normalize(webhook(folder.resolve(first.file()), first));
    softly.assertThat(outcomes).as("outcomes of %s", first.file()).hasSize(rows.size());
    if (outcomes.size() != rows.size()) {
      return;
    }
    for (int i = 0; i < rows.size(); i++) {
      Outcome outcome = outcomes.get(i);
      softly.assertThat(outcome.index()).isEqualTo(i);
      if (outcome instanceof Outcome.Accepted accepted) {
        checkEvent(rows.get(i), accepted.event(), softly);
      } else if (outcome instanceof Outcome.Rejected rejected) {
        checkRejection(rows.get(i), rejected, softly);
      }
    }
  }

  private static RawWebhook webhook(Path file, CaseRow row) throws IOException {
    boolean form = row.file().endsWith(".txt");
    return RawWebhook.of(row.provider(), "acme", RECEIVED_AT, content(Files.readAllBytes(file)))
        .withContentType(form ? "application/x-www-form-urlencoded" : "application/json")
        .withQuery(row.file().endsWith("_get.txt"));
  }

  /** A recorded request line stands for its query string. */
  private static byte[] content(byte[] file) {
    Matcher recorded = GET.matcher(new String(file, StandardCharsets.UTF_8));
    return recorded.matches() ? recorded.group(1).getBytes(StandardCharsets.UTF_8) : file;
  }

  private static void checkRejection(
      CaseRow row, Outcome.Rejected rejected, SoftAssertions softly) {
    RejectionReason expected =
        row.meaning().startsWith("UNKNOWN")
            ? RejectionReason.UNKNOWN_STATUS
            : row.file().endsWith(".invalid.json")
                ? RejectionReason.MALFORMED_BODY
                : RejectionReason.UNSUPPORTED_EVENT;
    softly.assertThat(rejected.reason()).as("%s: %s", row, rejected.detail()).isEqualTo(expected);
    boolean mayBeRejected = row.kind().equals("other") || row.meaning().startsWith("UNKNOWN");
    softly.assertThat(mayBeRejected).as("%s may be rejected (%s)", row, rejected).isTrue();
  }

  private static void checkEvent(CaseRow row, MessageEvent event, SoftAssertions softly) {
    if (!row.expectsEvent()) {
      softly.assertThat(event.getStatus()).as(row.toString()).isEqualTo(Status.ANNOTATION);
      return;
    }
    softly.assertThat(event.getStatus()).as("status of %s", row).isEqualTo(status(row));
    softly.assertThat(event.getMessageId()).as("id of %s", row).isEqualTo(row.id());
    softly
        .assertThat(event.getEventTime())
        .as("time of %s", row)
        .isEqualTo(row.time().isEmpty() ? RECEIVED_AT : millis(row.time()));
    softly
        .assertThat(event.getEventTimeSource().name())
        .as("time's source of %s", row)
        .isEqualTo(row.time().isEmpty() ? "ARRIVAL" : "PROVIDER");
    if (row.meaning().startsWith("INBOUND:")) {
      softly
          .assertThat(event.getAttributes())
          .as("attributes of %s", row)
          .containsEntry("messageType", row.meaning().substring("INBOUND:".length()));
    }
    checkError(row, event, softly);
  }

  private static void checkError(CaseRow row, MessageEvent event, SoftAssertions softly) {
    Matcher error = ERROR.matcher(row.remark());
    if (error.find()) {
      softly.assertThat(event.getError()).as("error of %s", row).isNotNull();
      softly.assertThat(codeOrTitle(event)).as("error of %s", row).isEqualTo(error.group(1));
    }
  }

  private static @Nullable String codeOrTitle(MessageEvent event) {
    return event.getError() == null
        ? null
        : event.getError().getCode() != null
            ? event.getError().getCode()
            : event.getError().getTitle();
  }

  private static Status status(CaseRow row) {
    return row.meaning().startsWith("INBOUND")
        ? Status.RECEIVED
        : row.meaning().startsWith("IGNORE") ? Status.ANNOTATION : Status.valueOf(row.meaning());
  }

  private static long millis(String time) {
    if (time.chars().allMatch(Character::isDigit)) {
      long number = Long.parseLong(time);
      return time.length() > 11 ? number : number * 1000;
    }
    String date = ZONE_WITHOUT_COLON.matcher(time.replace(' ', 'T')).replaceFirst("$1:$2");
    return date.endsWith("Z") || date.indexOf('+') > 0
        ? OffsetDateTime.parse(date).toInstant().toEpochMilli()
        : LocalDateTime.parse(date, DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .toInstant(ZoneOffset.UTC)
            .toEpochMilli();
  }
}
