package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.postflight.schema.text.AsciiCase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a request as its sender used it: path and query as received, on the public URL, the
 * URL of a trusted proxy's headers, or the request's host.
 */
final class RequestUrl {
  private final @Nullable String publicUrl;
  private final boolean trustForwarded;

  RequestUrl(@Nullable String publicUrl, boolean trustForwarded) {
    this.publicUrl = publicUrl;
    this.trustForwarded = trustForwarded;
  }

  /**
   * Builds the URL.
   *
   * @param target path and query as received, byte for byte
   * @param tls whether the request was received over TLS
   * @param proxied whether it was received from a trusted proxy, whose headers are meant
   */
  String of(RequestHeaders headers, String target, boolean tls, boolean proxied) {
    if (publicUrl != null) {
      return publicUrl + target;
    }
    String proto = tls ? "https" : "http";
    String host = headers.authority();
    if (trustForwarded && proxied) {
      String forwarded = first(headers.get(HttpHeaderNames.FORWARDED));
      String forwardedProto =
          either(parameter("proto", forwarded), first(headers.get("x-forwarded-proto")));
      String forwardedHost =
          either(parameter("host", forwarded), first(headers.get("x-forwarded-host")));
      proto = forwardedProto == null ? proto : forwardedProto;
      host = forwardedHost == null ? host : forwardedHost;
    }
    return AsciiCase.lower(proto) + "://" + (host == null ? "" : host) + target;
  }

  /** The value of the first hop, which the sender connected to. */
  private static @Nullable String first(@Nullable String list) {
    if (list == null) {
      return null;
    }
    return unquotedParts(list, ',').get(0).strip();
  }

  /** A parameter of one hop of a Forwarded header (RFC 7239). */
  private static @Nullable String parameter(String name, @Nullable String hop) {
    for (String each : hop == null ? List.<String>of() : unquotedParts(hop, ';')) {
      String pair = each.strip();
      if (AsciiCase.lower(pair).startsWith(name + '=')) {
        return text(pair.substring(name.length() + 1));
      }
    }
    return null;
  }

  /** The parts between separators, except for those in quoted strings. */
  private static List<String> unquotedParts(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (quoted && c == '\\') {
        i++;
      } else if (!quoted && c == separator) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** The text of a token or a quoted string. */
  private static String text(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
        : value;
  }

  /** The first non-empty value. */
  private static @Nullable String either(@Nullable String first, @Nullable String second) {
    if (first != null && !first.isEmpty()) {
      return first;
    }
    return second == null || second.isEmpty() ? null : second;
  }
}
