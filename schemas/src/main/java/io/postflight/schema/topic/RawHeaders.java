package io.postflight.schema.topic;

import java.nio.charset.StandardCharsets;

/** Names of the headers of a record in {@code raw.webhooks}. Values are UTF-8 text. */
public final class RawHeaders {
  /** Provider, as in the webhook URL. */
  public static final String PROVIDER = "provider";

  /** Tenant, as in the webhook URL. */
  public static final String TENANT = "tenant";

  /** Version of the gateway's tenant snapshot: the offset after the last record it had read. */
  public static final String TENANTS_VERSION = "tenants-version";

  /** When the gateway received the webhook: epoch milliseconds, decimal. Never changed later. */
  public static final String RECEIVED_AT = "received-at";

  /** Id of the HTTP request, as returned in {@code X-Request-Id}. */
  public static final String REQUEST_ID = "request-id";

  /** Content type of the body, as sent; absent if none was sent. */
  public static final String CONTENT_TYPE = "content-type";

  /**
   * HTTP method: absent for a POST, {@code GET} for a request whose query string is the record's
   * value.
   */
  public static final String METHOD = "method";

  /**
   * On a redriven record only: comma-separated indices of the entries to process, since the others
   * have been processed before.
   */
  public static final String REDRIVE_INDICES = "redrive-indices";

  private static final int MAX_DIGITS = 18;

  private RawHeaders() {}

  /** The value of a header with a decimal number of at most 18 digits; -1 if it is none. */
  public static long number(byte[] value) {
    if (value.length == 0 || value.length > MAX_DIGITS) {
      return -1;
    }
    long number = 0;
    for (byte digit : value) {
      if (digit < '0' || digit > '9') {
        return -1;
      }
      number = number * 10 + (digit - '0');
    }
    return number;
  }

  /** The value of a header with a decimal number. */
  public static byte[] number(long value) {
    return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
  }
}
