package io.postflight.schema.topic;

/** Names of the headers of a record in {@code raw.webhooks}. Values are UTF-8 text. */
public final class RawHeaders {
  /** Provider, as in the webhook's address. */
  public static final String PROVIDER = "provider";

  /** Tenant, as in the webhook's address. */
  public static final String TENANT = "tenant";

  /** Version of the tenant snapshot that the gateway had: offset after the last record it knew. */
  public static final String TENANTS_VERSION = "tenants-version";

  /** When the gateway took the webhook in: epoch milliseconds, decimal. Never stamped anew. */
  public static final String RECEIVED_AT = "received-at";

  /** Id of the HTTP request, as answered in {@code X-Request-Id}. */
  public static final String REQUEST_ID = "request-id";

  /** Content type of the body, as sent; absent if none was sent. */
  public static final String CONTENT_TYPE = "content-type";

  /**
   * How the provider called: absent for a POST, {@code GET} for a call whose query string is the
   * record's value.
   */
  public static final String METHOD = "method";

  /**
   * On a redriven record only: comma-separated indices of the body's entries that are to be taken,
   * the others having been taken before.
   */
  public static final String REDRIVE_INDICES = "redrive-indices";

  private RawHeaders() {}
}
