package io.postflight.api.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestId;
import io.netty.util.AsciiString;
import java.util.regex.Pattern;

/** The id of a request in response, log and record: the caller's, if it is valid. */
public final class RequestIds {
  /** The header of requests and responses. */
  public static final AsciiString HEADER = HttpHeaderNames.of("x-request-id");

  /** Characters that are safe in log lines and headers. */
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  private RequestIds() {}

  /** The id of a request with the given headers. */
  public static RequestId of(RequestHeaders headers) {
    String given = headers.get(HEADER);
    return given != null && VALID.matcher(given).matches()
        ? new CallerRequestId(given)
        : RequestId.random();
  }

  private record CallerRequestId(String text) implements RequestId {
    @Override
    public String toString() {
      return text;
    }
  }
}
