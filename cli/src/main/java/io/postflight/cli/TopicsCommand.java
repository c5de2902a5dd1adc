package io.postflight.cli;

import io.postflight.operations.admin.TopicAdmin;
import io.postflight.operations.admin.TopicAdmin.TopicsReport;
import io.postflight.operations.admin.TopicDifference;
import picocli.CommandLine.Option;

/** A command that compares the topics with their configuration. */
abstract class TopicsCommand extends ServerCommand {
  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  final TopicAdmin topics() {
    return new TopicAdmin(settings().operations());
  }

  /** Prints the differences, and whether they are done; returns the exit code. */
  final int print(TopicsReport report) {
    show(report, json, this::printLines);
    return ExitCodes.of(report.asConfigured());
  }

  private void printLines(TopicsReport report) {
    if (report.differences().isEmpty()) {
      out().println("all topics are as configured");
    }
    for (TopicDifference each : report.differences()) {
      String note = each.note().isEmpty() ? "" : " (" + each.note() + ")";
      out().println((each.done() ? "done  " : "") + each.line() + note);
    }
  }
}
