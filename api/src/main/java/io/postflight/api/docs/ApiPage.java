package io.postflight.api.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An OpenAPI document as a page that needs no script: operations by tag, then the shapes. */
final class ApiPage {
  private static final String STYLE =
      "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
          + "color:#222;background:#fff}code,pre{background:#f2f2f2;border-radius:3px}"
          + "code{padding:.1em .3em}pre{padding:.6rem;white-space:pre-wrap;word-break:break-word}"
          + "table{border-collapse:collapse;width:100%}"
          + "td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ddd}"
          + "h3{margin-top:2rem}";
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
  private static final String REF = "#/";

  private final JsonNode root;
  private final StringBuilder html = new StringBuilder(64 << 10);

  ApiPage(JsonNode root) {
    this.root = root;
  }

  String html() {
    String title = escaped(root.at("/info/title")) + " HTTP API";
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(title)
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head>\n<body><h1>")
        .append(title)
        .append("</h1>\n");
    paragraph(root.at("/info/description"));
    html.append("<p>As OpenAPI 3.1: <a href=\"/openapi.json\">/openapi.json</a></p>\n");
    for (JsonNode tag : root.path("tags")) {
      html.append("<h2>").append(escaped(tag.path("name"))).append("</h2>\n");
      root.path("paths")
          .properties()
          .forEach(path -> operations(tag.path("name").asText(), path.getKey(), path.getValue()));
    }
    html.append("<h2>Shapes</h2>\n");
    root.at("/components/schemas")
        .properties()
        .forEach(shape -> shape(shape.getKey(), shape.getValue()));
    return html.append("</body></html>\n").toString();
  }

  private void operations(String tag, String path, JsonNode item) {
    for (String method : METHODS) {
      JsonNode operation = item.path(method);
      if (operation.at("/tags/0").asText().equals(tag)) {
        html.append("<h3 id=\"").append(escaped(operation.path("operationId"))).append("\"><code>");
        html.append(method.toUpperCase(Locale.ROOT)).append(' ').append(escaped(path));
        html.append("</code></h3>\n");
        paragraph(operation.path("summary"));
        paragraph(operation.path("description"));
        html.append("<p>").append(key(operation)).append("</p>\n");
        parameters(item.path("parameters"), operation.path("parameters"));
        body(operation.path("requestBody"));
        responses(operation.path("responses"));
      }
    }
  }

  private String key(JsonNode operation) {
    JsonNode security = operation.path("security");
    if (security.isArray() && security.isEmpty()) {
      return "No key.";
    }
    if (security.at("/0").has("operatorKey")) {
      return "The operator's key.";
    }
    String scope = security.at("/0/apiKey/0").asText();
    return scope.isEmpty()
        ? "An API key."
        : "An API key with the scope <code>" + escaped(scope) + "</code>.";
  }

  private void parameters(JsonNode ofPath, JsonNode ofOperation) {
    List<JsonNode> all = new ArrayList<>();
    ofPath.forEach(each -> all.add(resolved(each)));
    ofOperation.forEach(each -> all.add(resolved(each)));
    if (all.isEmpty()) {
      return;
    }
    html.append("<table><tr><th>parameter</th><th>type</th><th>meaning</th></tr>\n");
    for (JsonNode each : all) {
      row(
          each.path("name").asText(),
          each.path("required").asBoolean(),
          each.path("schema"),
          each.path("description"));
    }
    html.append("</table>\n");
  }

  private void body(JsonNode body) {
    JsonNode json = body.at("/content/application~1json");
    if (!json.isMissingNode()) {
      html.append("<p>Body: ").append(type(json.path("schema"))).append("</p>\n");
      example(json);
    }
  }

  private void responses(JsonNode responses) {
    html.append("<table><tr><th>answer</th><th>body</th><th>when</th></tr>\n");
    List<JsonNode> examples = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : responses.properties()) {
      JsonNode response = resolved(each.getValue());
      JsonNode content = response.path("content");
      JsonNode first = content.isEmpty() ? MissingNode.getInstance() : content.iterator().next();
      cells(
          escaped(each.getKey()),
          content.isEmpty() ? "" : type(first.path("schema")),
          escaped(response.path("description")));
      examples.add(first);
    }
    html.append("</table>\n");
    examples.stream().limit(1).forEach(this::example);
  }

  private void example(JsonNode content) {
    JsonNode example = content.path("example");
    if (!example.isMissingNode()) {
      html.append("<pre>").append(escaped(example.toString())).append("</pre>\n");
    }
  }

  private void shape(String name, JsonNode schema) {
    html.append("<h3 id=\"shape-").append(escaped(name)).append("\">").append(escaped(name));
    html.append("</h3>\n");
    paragraph(schema.path("description"));
    html.append("<table><tr><th>field</th><th>type</th><th>meaning</th></tr>\n");
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(each -> required.add(each.asText()));
    for (Map.Entry<String, JsonNode> each : schema.path("properties").properties()) {
      row(
          each.getKey(),
          required.contains(each.getKey()),
          each.getValue(),
          each.getValue().path("description"));
    }
    html.append("</table>\n");
  }

  private void row(String name, boolean required, JsonNode schema, JsonNode description) {
    cells(
        "<code>" + escaped(name) + "</code>" + (required ? " (required)" : ""),
        type(schema),
        escaped(description));
  }

  private void cells(String... cells) {
    html.append("<tr>");
    for (String cell : cells) {
      html.append("<td>").append(cell).append("</td>");
    }
    html.append("</tr>\n");
  }

  /** The type of a value in a few words, with a link if it has a name. */
  private String type(JsonNode schema) {
    if (schema.has("$ref")) {
      String name = schema.path("$ref").asText().replaceAll(".*/", "");
      return "<a href=\"#shape-" + escaped(name) + "\">" + escaped(name) + "</a>";
    }
    if (schema.has("oneOf")) {
      List<String> all = new ArrayList<>();
      schema.path("oneOf").forEach(each -> all.add(type(each)));
      return String.join(" or ", all);
    }
    if (schema.path("type").asText().equals("array")) {
      return "array of " + type(schema.path("items"));
    }
    List<String> words = new ArrayList<>();
    if (schema.path("type").isArray()) {
      schema.path("type").forEach(each -> words.add(each.asText()));
    } else if (schema.has("type")) {
      words.add(schema.path("type").asText());
    }
    String text = escaped(String.join(" or ", words));
    if (schema.has("enum")) {
      List<String> values = new ArrayList<>();
      schema.path("enum").forEach(each -> values.add(each.asText()));
      text += ": " + escaped(String.join(", ", values));
    }
    if (schema.has("minimum") || schema.has("maximum")) {
      text += escaped(" %s to %s".formatted(schema.path("minimum"), schema.path("maximum")));
    }
    return schema.has("format") ? text + " (" + escaped(schema.path("format")) + ")" : text;
  }

  private JsonNode resolved(JsonNode node) {
    String ref = node.path("$ref").asText();
    return ref.startsWith(REF) ? root.at(ref.substring(1)) : node;
  }

  private void paragraph(JsonNode text) {
    if (!text.isMissingNode()) {
      html.append("<p>").append(escaped(text)).append("</p>\n");
    }
  }

  private static String escaped(JsonNode text) {
    return escaped(text.asText());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
