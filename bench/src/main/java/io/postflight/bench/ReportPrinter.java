package io.postflight.bench;

import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Prints a report as tables: a line per figure, a column per variant. */
final class ReportPrinter {
  private final PrintStream out;

  ReportPrinter(PrintStream out) {
    this.out = out;
  }

  void print(BenchReport report) {
    out.println("bench " + report.bench() + ' ' + report.parameters());
    report
        .variants()
        .forEach(each -> out.printf("  %-20s %s%n", each.variant(), each.description()));
    out.println();
    print(
        "median [min, max]",
        report.variants(),
        figure ->
            variant -> {
              Figure value = variant.figures().get(figure);
              return value == null
                  ? "-"
                  : "%s [%s, %s]"
                      .formatted(number(value.median()), number(value.min()), number(value.max()));
            });
    if (report.variants().stream().anyMatch(each -> !each.ratioToCeiling().isEmpty())) {
      out.println();
      print(
          "divided by the ceiling's",
          report.variants(),
          figure ->
              variant -> {
                Double ratio = variant.ratioToCeiling().get(figure);
                return ratio == null ? "-" : number(ratio);
              });
    }
    if (!report.bars().isEmpty()) {
      out.println();
      report.bars().forEach(this::print);
    }
    report.differences().forEach(difference -> out.println("Not comparable: " + difference));
  }

  private void print(
      String head,
      List<VariantReport> variants,
      Function<String, Function<VariantReport, String>> cell) {
    printLine(head, variants, VariantReport::variant);
    Set<String> names = new LinkedHashSet<>();
    variants.forEach(variant -> names.addAll(variant.figures().keySet()));
    names.forEach(figure -> printLine(figure, variants, cell.apply(figure)));
  }

  private void printLine(
      String head, List<VariantReport> variants, Function<VariantReport, String> cell) {
    out.printf("%-28s", head);
    variants.forEach(variant -> out.printf("%25s", cell.apply(variant)));
    out.println();
  }

  private void print(Bar bar) {
    out.printf(
        "%-52s %10s  %s %-8s %s%n",
        bar.name(),
        number(bar.value()),
        bar.atLeast() ? ">=" : "<=",
        number(bar.bar()),
        bar.met() ? "met" : "not met");
  }

  private static String number(double value) {
    if (Math.abs(value) >= 100) {
      return "%,.0f".formatted(value);
    }
    return (Math.abs(value) >= 10 ? "%.1f" : "%.2f").formatted(value);
  }
}
