package io.postflight.api.signature;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as far as a signature can cover it: method, URL, headers and the bytes as they came.
 */
public final class SignedRequest {
  private final String method;
  private final String url;
  private final Map<String, String> headers;
  private final byte[] body;

  private SignedRequest(String method, String url, Map<String, String> headers, byte[] body) {
    this.method = method;
    this.url = url;
    this.headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    this.headers.putAll(headers);
    this.body = body;
  }

  /**
   * A POST.
   *
   * @param url the URL as the sender knows it, with its query string
   * @param headers by name, in any case
   * @param body the bytes as they came; not copied, so not to be changed afterwards
   */
  public static SignedRequest post(String url, Map<String, String> headers, byte[] body) {
    return new SignedRequest("POST", url, headers, body);
  }

  /** A GET, whose whole content is the URL's query string. */
  public static SignedRequest get(String url, Map<String, String> headers) {
    return new SignedRequest("GET", url, headers, new byte[0]);
  }

  /** The URL as the sender knows it, with its query string. */
  public String url() {
    return url;
  }

  /** A header's value, or null. The name's case does not matter. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  boolean isGet() {
    return method.equals("GET");
  }

  boolean isForm() {
    String contentType = header("content-type");
    return contentType != null
        && contentType
            .strip()
            .toLowerCase(Locale.ROOT)
            .startsWith("application/x-www-form-urlencoded");
  }

  // Not public: an array can be changed, and only this package promises not to.
  byte[] body() {
    return body;
  }

  /** Method and size only: headers may hold secrets, a URL or a body may hold personal data. */
  @Override
  public String toString() {
    return method + " of " + body.length + " bytes";
  }
}
