package io.postflight.schema.signature;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a form or a query string, decoded, in their order. */
final class FormParameters {
  /** Bounds the cost of untrusted input; providers send about thirty. */
  private static final int MAX = 1000;

  private FormParameters() {}

  /** A name and its value; empty if it has none. */
  record Parameter(String name, String value) {}

  /** The parameters; null if there are too many, or one cannot be decoded. */
  static @Nullable List<Parameter> parse(byte[] form) {
    return parse(new String(form, StandardCharsets.UTF_8));
  }

  /** The parameters; null if there are too many, or one cannot be decoded. */
  static @Nullable List<Parameter> parse(String form) {
    List<Parameter> parameters = new ArrayList<>();
    int start = 0;
    int equals = -1;
    while (start <= form.length()) {
      int end = form.indexOf('&', start);
      end = end < 0 ? form.length() : end;
      if (end > start) {
        if (parameters.size() == MAX) {
          return null;
        }
        if (equals < start) {
          // Not for each pair: without any '=', every search would read the rest of the form.
          equals = form.indexOf('=', start);
          equals = equals < 0 ? form.length() : equals;
        }
        boolean hasValue = equals < end;
        String name = decode(form.substring(start, hasValue ? equals : end));
        String value = hasValue ? decode(form.substring(equals + 1, end)) : "";
        if (name == null || value == null) {
          return null;
        }
        parameters.add(new Parameter(name, value));
      }
      start = end + 1;
    }
    return parameters;
  }

  /** The query string of a URL; empty if it has none. */
  static String queryOf(String url) {
    int query = url.indexOf('?');
    return query < 0 ? "" : url.substring(query + 1);
  }

  /** A query string without the parameters of some names, however these are encoded. */
  static String without(String query, Set<String> names) {
    StringBuilder rest = new StringBuilder(query.length());
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      if (name == null || !names.contains(name)) {
        rest.append(rest.isEmpty() ? "" : "&").append(pair);
      }
    }
    return rest.toString();
  }

  /** The first value of a parameter; null if there is none. */
  static @Nullable String first(List<Parameter> parameters, String name) {
    for (Parameter each : parameters) {
      if (each.name().equals(name)) {
        return each.value();
      }
    }
    return null;
  }

  private static @Nullable String decode(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
