package io.postflight.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of a variant.
 *
 * @param variant its id
 * @param description what it is
 * @param figures by name, in the order in which they are shown
 * @param ratioToCeiling medians divided by the ceiling's, where there is a ceiling
 * @param rows rows in each table after the last round
 */
public record VariantReport(
    String variant,
    String description,
    Map<String, Figure> figures,
    Map<String, Double> ratioToCeiling,
    Map<String, Long> rows) {

  /** The median of a figure; empty if it was not measured. */
  Optional<Double> median(String figure) {
    return Optional.ofNullable(figures.get(figure)).map(Figure::median);
  }

  /** The same with the rows that it left in each table. */
  public VariantReport withRows(Map<String, Long> left) {
    return new VariantReport(variant, description, figures, ratioToCeiling, left);
  }

  /** The same with ratios to another variant, which is the ceiling. */
  public VariantReport comparedWith(VariantReport ceiling) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    figures.forEach(
        (name, figure) ->
            ceiling
                .median(name)
                .filter(other -> other != 0)
                .ifPresent(
                    other ->
                        ratios.put(name, Math.round(1000 * figure.median() / other) / 1000.0)));
    return new VariantReport(variant, description, figures, ratios, rows);
  }
}
