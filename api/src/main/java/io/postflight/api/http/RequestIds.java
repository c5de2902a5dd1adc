package io.postflight.api.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestId;
import io.netty.util.AsciiString;
import java.util.regex.Pattern;

/** The id that a request is answered, logged and recorded under: the caller's, if it is sane. */
public final class RequestIds {
  /** The header that carries it both ways. */
  public static final AsciiString HEADER = HttpHeaderNames.of("x-request-id");

  /** Nothing that could break a log line or a header. */
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  private RequestIds() {}

  /** The id of a request with these headers. */
  public static RequestId of(RequestHeaders headers) {
    String given = headers.get(HEADER);
    return given != null && SANE.matcher(given).matches() ? new Given(given) : RequestId.random();
  }

  private record Given(String text) implements RequestId {
    @Override
    public String toString() {
      return text;
    }
  }
}
