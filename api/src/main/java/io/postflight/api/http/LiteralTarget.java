package io.postflight.api.http;

import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.QueryParamsBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The target of a request exactly as sent. The server normalizes targets before routing: it removes
 * matrix parameters, joins slashes and replaces invalid UTF-8. Each of these can turn one id into
 * another, so targets that normalization changes are rejected.
 */
public final class LiteralTarget {
  private static final String ALTERNATIVE =
      "; percent-encode ids as UTF-8, or use parameter 'id' of /v1/message, /v1/user";

  private LiteralTarget() {}

  /**
   * Requires that the routed path equals the path as sent.
   *
   * @throws Problem 400 if any segment differs
   */
  public static void requireLiteralPath(ServiceRequestContext ctx) {
    String path = part(ctx, true);
    if (!(isPlain(path) && path.equals(ctx.path()))
        && !segments(path).equals(segments(ctx.path()))) {
      throw refused("the path has an unescaped ';' or an empty segment");
    }
  }

  /**
   * The query parameters, decoded as a form: {@code +} is a space, {@code ;} is literal.
   *
   * @throws Problem 400 if they are not percent-encoded UTF-8
   */
  public static QueryParams query(ServiceRequestContext ctx) {
    QueryParamsBuilder params = QueryParams.builder();
    for (String each : part(ctx, false).split("&", -1)) {
      if (!each.isEmpty()) {
        int equals = each.indexOf('=');
        String name = equals < 0 ? each : each.substring(0, equals);
        String value = equals < 0 ? "" : each.substring(equals + 1);
        params.add(decoded(name.replace('+', ' ')), decoded(value.replace('+', ' ')));
      }
    }
    return params.build();
  }

  /** Whether decoding changes nothing, and refuses nothing. */
  private static boolean isPlain(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c < ' ' || c > '~' || c == '#' || c == '%') {
        return false;
      }
    }
    return true;
  }

  private static String part(ServiceRequestContext ctx, boolean path) {
    String target = ctx.routingContext().requestTarget().rawPath();
    if (target == null) {
      throw refused("the target is not a path");
    }
    int mark = target.indexOf('?');
    if (mark < 0) {
      return path ? target : "";
    }
    return path ? target.substring(0, mark) : target.substring(mark + 1);
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      segments.add(decoded(segment));
    }
    return segments;
  }

  private static String decoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
        if (low < 0) {
          throw refused("a percent sign is not followed by two hexadecimal digits");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else if (c < ' ' || c > '~' || c == '#') {
        throw refused("a character must be percent-encoded");
      } else {
        bytes.write(c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException malformed) {
      throw refused("a percent-encoded text is not UTF-8");
    }
  }

  private static Problem refused(String what) {
    return Problem.badRequest(what + ALTERNATIVE);
  }
}
