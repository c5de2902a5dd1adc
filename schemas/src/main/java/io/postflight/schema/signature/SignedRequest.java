package io.postflight.schema.signature;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a request that a signature can cover: method, URL, headers and raw body; and its
 * time of arrival, since some signatures have a time too.
 */
public final class SignedRequest {
  /** Greatest difference of a signature's own time from that of arrival. */
  public static final Duration MAX_AGE = Duration.ofMinutes(5);

  private final String method;
  private final String url;
  private final Headers headers;
  private final byte[] body;
  private final long receivedAt;
  private final Duration maxAge;

  private SignedRequest(
      String method, String url, Headers headers, byte[] body, long receivedAt, Duration maxAge) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.body = body;
    this.receivedAt = receivedAt;
    this.maxAge = maxAge;
  }

  private SignedRequest(String method, String url, Headers headers, byte[] body) {
    this(method, url, headers, body, System.currentTimeMillis(), MAX_AGE);
  }

  /** The headers of a request. */
  @FunctionalInterface
  public interface Headers {
    /** A header by case-insensitive name, or null; the first, if it is repeated. */
    @Nullable String get(String name);
  }

  /**
   * Creates a POST.
   *
   * @param url the URL as the sender used it, with query string
   * @param body the raw bytes; not copied, must not be modified
   */
  public static SignedRequest post(String url, Headers headers, byte[] body) {
    return new SignedRequest("POST", url, headers, body);
  }

  /**
   * Creates a POST.
   *
   * @param url the URL as the sender used it, with query string
   * @param headers by case-insensitive name
   * @param body the raw bytes; not copied, must not be modified
   */
  public static SignedRequest post(String url, Map<String, String> headers, byte[] body) {
    return post(url, lookup(headers), body);
  }

  /** Creates a GET, whose content is the URL's query string. */
  public static SignedRequest get(String url, Headers headers) {
    return new SignedRequest("GET", url, headers, new byte[0]);
  }

  /** Creates a GET, whose content is the URL's query string. */
  public static SignedRequest get(String url, Map<String, String> headers) {
    return get(url, lookup(headers));
  }

  /**
   * A copy that arrives at some time; without it a request arrives when it is created.
   *
   * @param at epoch milliseconds
   * @param age greatest difference of a signature's own time from it
   */
  public SignedRequest received(long at, Duration age) {
    return new SignedRequest(method, url, headers, body, at, age);
  }

  private static Headers lookup(Map<String, String> headers) {
    Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(headers);
    return byName::get;
  }

  /** The URL as the sender used it, with query string. */
  public String url() {
    return url;
  }

  /** A header by case-insensitive name, or null. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Time of arrival, epoch milliseconds. */
  public long receivedAt() {
    return receivedAt;
  }

  Duration maxAge() {
    return maxAge;
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

  /** SHA-256 of the body, hexadecimal. */
  public String bodySha256() {
    return Digests.sha256Hex(body);
  }

  // Package-private, since arrays are mutable.
  byte[] body() {
    return body;
  }

  /** Method and size only: headers may contain secrets, URL and body personal data. */
  @Override
  public String toString() {
    return method + " of " + body.length + " bytes";
  }
}
