package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a request as its sender used it: path and query as received, on the public URL, the
 * URL of a trusted proxy's headers, or the request's host.
 */
final class RequestUrl {
  private static final Pattern FORWARDED_PROTO = parameter("proto");
  private static final Pattern FORWARDED_HOST = parameter("host");

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
          either(match(FORWARDED_PROTO, forwarded), first(headers.get("x-forwarded-proto")));
      String forwardedHost =
          either(match(FORWARDED_HOST, forwarded), first(headers.get("x-forwarded-host")));
      proto = forwardedProto == null ? proto : forwardedProto;
      host = forwardedHost == null ? host : forwardedHost;
    }
    return proto.toLowerCase(Locale.ROOT) + "://" + (host == null ? "" : host) + target;
  }

  /** The value of the first hop, which the sender connected to. */
  private static @Nullable String first(@Nullable String list) {
    if (list == null) {
      return null;
    }
    int comma = list.indexOf(',');
    return (comma < 0 ? list : list.substring(0, comma)).strip();
  }

  private static @Nullable String match(Pattern pattern, @Nullable String text) {
    Matcher matcher = pattern.matcher(text == null ? "" : text);
    return matcher.find() ? matcher.group(1) : null;
  }

  /** The first non-empty value. */
  private static @Nullable String either(@Nullable String first, @Nullable String second) {
    if (first != null && !first.isEmpty()) {
      return first;
    }
    return second == null || second.isEmpty() ? null : second;
  }

  private static Pattern parameter(String name) {
    return Pattern.compile("(?i)(?:^|;)\\s*" + name + "=\"?([^\";]+)\"?");
  }
}
