package io.postflight.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import io.postflight.api.http.ApiMetric;
import io.postflight.schema.metrics.DeclaredMetric;
import io.postflight.schema.metrics.MetricDefinition;
import io.postflight.sink.write.SinkMetric;
import io.postflight.topology.metrics.TopologyMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every metric is declared in the enum of its module, and docs/metrics.md lists them all. */
class MetricsPageTest {
  private static final Path ROOT = Path.of(System.getProperty("postflight.root", ".."));
  private static final Path PAGE = ROOT.resolve("docs/metrics.md");

  private static final Map<String, List<? extends DeclaredMetric>> MODULES = new LinkedHashMap<>();

  static {
    MODULES.put("HTTP (role `api`, and the status port)", List.of(ApiMetric.values()));
    MODULES.put("Topology (role `topology`)", List.of(TopologyMetric.values()));
    MODULES.put("Sinks (roles `sink:<tier>`)", List.of(SinkMetric.values()));
  }

  /** Registration of a meter by other means than a declaration. */
  private static final Pattern REGISTRATION =
      Pattern.compile(
          "\\b(Counter|Gauge|Timer|LongTaskTimer|DistributionSummary|FunctionCounter|FunctionTimer"
              + "|TimeGauge|MultiGauge|Meter)\\s*\\.\\s*builder\\("
              + "|(?i)(registry|meters)(\\(\\))?\\s*\\.\\s*(counter|timer|gauge|summary|more"
              + "|gaugeCollectionSize|gaugeMapSize|newCounter|newTimer)\\(");

  private static final Pattern DECLARATION =
      Pattern.compile("enum (\\w+) implements DeclaredMetric");

  /** All declarations, by the name that Prometheus shows. */
  static Map<String, MetricDefinition> declared() {
    return MODULES.values().stream()
        .flatMap(List::stream)
        .map(DeclaredMetric::definition)
        .collect(Collectors.toMap(MetricsPageTest::prometheusName, metric -> metric));
  }

  @Test
  void meters_are_registered_through_declarations_only() {
    List<String> offenders =
        sources()
            .filter(source -> !source.endsWith("io/postflight/schema/metrics/DeclaredMetric.java"))
            .filter(source -> REGISTRATION.matcher(text(source)).find())
            .map(source -> ROOT.relativize(source).toString())
            .toList();

    assertThat(offenders)
        .as("declare these metrics in the enum of their module and register them through it")
        .isEmpty();
  }

  @Test
  void the_page_covers_every_enum_of_metrics() {
    List<String> enums =
        sources()
            .map(source -> DECLARATION.matcher(text(source)))
            .flatMap(matcher -> matcher.results().map(result -> result.group(1)))
            .toList();

    assertThat(MODULES.values().stream().map(each -> each.get(0).getClass().getSimpleName()))
        .containsExactlyInAnyOrderElementsOf(enums);
  }

  @Test
  void the_page_is_generated_from_the_declarations() throws IOException {
    String expected = page();
    if (Boolean.getBoolean("postflight.writeDocs")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(PAGE)
        .as("run this test with -Dpostflight.writeDocs=true to generate the page again")
        .hasContent(expected);
  }

  private static String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Metrics

        Every metric that Postflight reports, generated from the declarations in the code by `MetricsPageTest`.
        `/metrics` serves them in Prometheus' text format, on the status port or with the operator's key, together with
        metrics of the JVM and the process. A timer is a summary with `_count`, `_sum` and `_max`; one with a histogram has
        `_bucket` too. Gauges of a sink count the partitions that its instance has at that time.
        """);
    MODULES.forEach(
        (title, metrics) -> {
          page.append("\n## ").append(title).append("\n\n");
          page.append("| metric | type | unit | labels | description |\n|---|---|---|---|---|\n");
          metrics.forEach(metric -> page.append(line(metric.definition())));
        });
    return page.toString();
  }

  private static String line(MetricDefinition metric) {
    String type = metric.histogram() == null ? metric.type().name() : "TIMER, HISTOGRAM";
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(
            prometheusName(metric),
            type.toLowerCase(java.util.Locale.ROOT),
            Objects.requireNonNullElse(metric.unit(), ""),
            metric.tags().stream().map(MetricsPageTest::label).collect(Collectors.joining("; ")),
            metric.description());
  }

  private static String label(MetricDefinition.Tag tag) {
    String values =
        tag.values().stream().map(value -> '`' + value + '`').collect(Collectors.joining(", "));
    String name = '`' + new PrometheusNamingConvention().tagKey(tag.name()) + '`';
    return values.isEmpty() ? name : name + " (" + values + ')';
  }

  private static String prometheusName(MetricDefinition metric) {
    NamingConvention convention = new PrometheusNamingConvention();
    return switch (metric.type()) {
      case COUNTER -> convention.name(metric.name(), Meter.Type.COUNTER, metric.unit()) + "_total";
      case GAUGE -> convention.name(metric.name(), Meter.Type.GAUGE, metric.unit());
      case TIMER -> convention.name(metric.name(), Meter.Type.TIMER, metric.unit());
      case SUMMARY ->
          convention.name(metric.name(), Meter.Type.DISTRIBUTION_SUMMARY, metric.unit());
    };
  }

  private static Stream<Path> sources() {
    try (Stream<Path> files = Files.find(ROOT, 14, (path, attributes) -> isMainSource(path))) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isMainSource(Path path) {
    String name = ROOT.relativize(path).toString();
    return name.contains("src/main/java/") && name.endsWith(".java");
  }

  private static String text(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
