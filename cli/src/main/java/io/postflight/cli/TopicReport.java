package io.postflight.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.cli.output.JsonLines;
import io.postflight.operations.admin.TopicDifference;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Differences of topics, and what became of them, as {@code topics diff} and apply print them. */
final class TopicReport {
  private record Line(TopicDifference difference, boolean done, String note) {}

  private final List<Line> lines = new ArrayList<>();

  void add(TopicDifference difference, boolean done, String note) {
    lines.add(new Line(difference, done, note));
  }

  void print(PrintStream out, boolean json, String nothing) {
    if (json) {
      new JsonLines(out).print(json());
      return;
    }
    if (lines.isEmpty()) {
      out.println(nothing);
    }
    for (Line line : lines) {
      String note = line.note().isEmpty() ? "" : " (" + line.note() + ")";
      out.println((line.done() ? "done  " : "") + line.difference().line() + note);
    }
  }

  private ObjectNode json() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    ArrayNode array = object.putArray("differences");
    for (Line line : lines) {
      TopicDifference difference = line.difference();
      ObjectNode node = array.addObject();
      node.put("topic", difference.topic());
      node.put("kind", difference.kind().name().toLowerCase(Locale.ROOT));
      node.put("key", difference.key().isEmpty() ? null : difference.key());
      node.put("actual", difference.actual().isEmpty() ? null : difference.actual());
      node.put("wanted", difference.wanted());
      node.put("done", line.done());
      node.put("note", line.note().isEmpty() ? null : line.note());
    }
    return object;
  }
}
