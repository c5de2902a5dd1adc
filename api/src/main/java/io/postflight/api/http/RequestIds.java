package io.postflight.api.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestId;
import io.netty.util.AsciiString;

/** The id of a request in response, log and record: the caller's, if it is valid. */
public final class RequestIds {
  /** The header of requests and responses. */
  public static final AsciiString HEADER = HttpHeaderNames.of("x-request-id");

  private static final int MAX_LENGTH = 128;

  private RequestIds() {}

  /** The id of a request with the given headers. */
  public static RequestId of(RequestHeaders headers) {
    String given = headers.get(HEADER);
    return given != null && isValid(given) ? new CallerRequestId(given) : RequestId.random();
  }

  /** Whether all characters are safe in log lines and headers. */
  private static boolean isValid(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean letterOrDigit =
          (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && "._:/+=@-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private record CallerRequestId(String text) implements RequestId {
    @Override
    public String toString() {
      return text;
    }
  }
}
