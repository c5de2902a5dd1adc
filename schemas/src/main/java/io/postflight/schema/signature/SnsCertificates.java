package io.postflight.schema.signature;

import io.postflight.schema.http.BoundedHttp;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that SNS signs with. They are fetched from {@code sns.<region>.amazonaws.com}
 * over HTTPS only, whose own certificate is the proof that they are Amazon's (SNS publishes them
 * without their chain), and kept for a day. A certificate that is valid is used while it is fetched
 * again, and kept if that fails.
 *
 * <p>Names of certificates come from messages that are not verified yet. Therefore all is bounded:
 * {@value #MAX_KEPT} certificates, {@value #MAX_FETCHES} fetches at a time, of them one for a
 * topic, while {@value #MAX_WAITING_OF_TOPIC} for each topic and {@value #MAX_WAITING} in all wait
 * for their turn. One that failed is not fetched again for 5 seconds, which is less than the 20
 * seconds after which SNS sends again, and takes no place of a certificate. Never blocks.
 * Thread-safe.
 */
public final class SnsCertificates {
  private static final int MAX_KEPT = 64;
  private static final int MAX_FETCHES = 4;
  private static final int MAX_WAITING = 64;
  private static final int MAX_WAITING_OF_TOPIC = 8;
  private static final int MAX_FAILURES = 256;
  private static final int MAX_BYTES = 64 * 1024;
  private static final Duration KEPT = Duration.ofDays(1);
  private static final Duration FAILED = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** For a turn and its fetch; SNS itself waits 15 seconds for an answer. */
  private static final Duration WAIT = Duration.ofSeconds(10);

  private static final Pattern HOST =
      Pattern.compile("sns\\.([a-z0-9-]{4,32})\\.amazonaws\\.com(\\.cn)?");
  private static final Pattern PATH =
      Pattern.compile("/SimpleNotificationService-[A-Za-z0-9]{1,64}\\.pem");
  private static final Pattern NAME = Pattern.compile("sns[a-z0-9.-]*\\.amazonaws\\.com(\\.cn)?");

  private final Fetcher fetcher;
  private final InstantSource clock;
  private final Map<URI, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<URI, Long> failures = new LinkedHashMap<>();
  private final Map<URI, Fetch> fetches = new LinkedHashMap<>();
  private final Set<String> fetchedTopics = new HashSet<>();

  /** Creates an empty cache over a fetcher. */
  public SnsCertificates(Fetcher fetcher, InstantSource clock) {
    this.fetcher = fetcher;
    this.clock = clock;
  }

  /** An empty cache over HTTPS. */
  public static SnsCertificates overHttps() {
    return new SnsCertificates(Fetcher.overHttps(), InstantSource.system());
  }

  /** Fetches a resource of SNS. */
  @FunctionalInterface
  public interface Fetcher {
    /** The content of a URL; fails for every status but 200. Does not block. */
    CompletableFuture<byte[]> fetch(URI url);

    /** Over HTTPS, at most {@value SnsCertificates#MAX_BYTES} bytes within 5 seconds. */
    static Fetcher overHttps() {
      return new HttpsFetcher();
    }
  }

  /** The host's region, if a URL leads to SNS: HTTPS, no port, no user. */
  static Optional<String> region(URI url) {
    Matcher host = HOST.matcher(url.getHost() == null ? "" : url.getHost());
    boolean plain =
        "https".equals(url.getScheme())
            && url.getPort() == -1
            && url.getUserInfo() == null
            && url.getFragment() == null;
    return plain && host.matches() ? Optional.of(host.group(1)) : Optional.empty();
  }

  /** The URL of a certificate in this region; empty if it is another one. */
  static Optional<URI> certificateUrl(String text, String region) {
    return url(text)
        .filter(url -> region(url).filter(region::equals).isPresent())
        .filter(url -> url.getQuery() == null && PATH.matcher(url.getRawPath()).matches());
  }

  /** The URL that confirms a topic's subscription in its region; empty if it is another one. */
  static Optional<URI> confirmationUrl(String text, String region, String topic) {
    return url(text)
        .filter(url -> region(url).filter(region::equals).isPresent())
        .filter(url -> "/".equals(url.getRawPath()) && url.getRawQuery() != null)
        .filter(url -> confirms(url.getRawQuery(), topic));
  }

  private static boolean confirms(String query, String topic) {
    List<FormParameters.Parameter> parameters = FormParameters.parse(query);
    return parameters != null
        && valuesOf(parameters, "Action").equals(List.of("ConfirmSubscription"))
        && valuesOf(parameters, "TopicArn").equals(List.of(topic));
  }

  private static List<String> valuesOf(List<FormParameters.Parameter> parameters, String name) {
    return parameters.stream()
        .filter(each -> each.name().equals(name))
        .map(FormParameters.Parameter::value)
        .toList();
  }

  private static Optional<URI> url(String text) {
    try {
      return text.length() > 2048 ? Optional.empty() : Optional.of(URI.create(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** A certificate that is loaded and valid now; null if it is not. */
  synchronized @Nullable X509Certificate find(URI url) {
    Entry entry = entries.get(url);
    return entry != null && entry.isValid(clock.millis()) ? entry.certificate : null;
  }

  /**
   * Loads a certificate that a message of a topic names, unless it is loaded; of one that is valid
   * the completion is not awaited.
   *
   * @return fails if it could not be loaded, now or 5 seconds ago, or if too many wait for that
   */
  CompletableFuture<Void> load(URI url, String topic) {
    Fetch fetch;
    boolean valid;
    synchronized (this) {
      long now = clock.millis();
      Entry entry = entries.get(url);
      valid = entry != null && entry.isValid(now);
      if (entry != null && entry.until >= now) {
        return CompletableFuture.completedFuture(null);
      }
      fetch = fetches.get(url);
      if (fetch == null) {
        if (failures.getOrDefault(url, Long.MIN_VALUE) >= now || isFull(topic)) {
          return valid ? CompletableFuture.completedFuture(null) : failed();
        }
        fetch = new Fetch(url, topic);
        fetches.put(url, fetch);
      }
    }
    startNext();
    return valid
        ? CompletableFuture.completedFuture(null)
        : fetch.done.copy().orTimeout(WAIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isFull(String topic) {
    return fetches.size() >= MAX_WAITING
        || fetches.values().stream().filter(each -> each.topic.equals(topic)).count()
            >= MAX_WAITING_OF_TOPIC;
  }

  private void startNext() {
    for (Fetch next = takeNext(); next != null; next = takeNext()) {
      start(next);
    }
  }

  private synchronized @Nullable Fetch takeNext() {
    if (fetchedTopics.size() < MAX_FETCHES) {
      for (Fetch each : fetches.values()) {
        if (!each.started && fetchedTopics.add(each.topic)) {
          each.started = true;
          return each;
        }
      }
    }
    return null;
  }

  private void start(Fetch fetch) {
    var unused =
        fetched(fetch.url)
            .handle(
                (pem, failure) -> {
                  X509Certificate certificate = null;
                  try {
                    certificate = failure == null ? certificate(pem) : null;
                  } finally {
                    finish(fetch, certificate);
                  }
                  return null;
                });
  }

  /** Ends with or without an answer: a fetcher need not have a timeout. */
  private CompletableFuture<byte[]> fetched(URI url) {
    try {
      return fetcher.fetch(url).copy().orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private void finish(Fetch fetch, @Nullable X509Certificate certificate) {
    keep(fetch, certificate);
    if (certificate == null) {
      fetch.done.completeExceptionally(unavailable());
    } else {
      fetch.done.complete(null);
    }
    startNext();
  }

  private synchronized void keep(Fetch fetch, @Nullable X509Certificate certificate) {
    fetches.remove(fetch.url);
    fetchedTopics.remove(fetch.topic);
    failures.remove(fetch.url);
    long now = clock.millis();
    if (certificate == null) {
      failures.put(fetch.url, now + FAILED.toMillis());
      removeEldest(failures, MAX_FAILURES);
    } else {
      entries.put(fetch.url, new Entry(certificate, now + KEPT.toMillis()));
      removeEldest(entries, MAX_KEPT);
    }
  }

  private static void removeEldest(Map<URI, ?> map, int max) {
    if (map.size() > max) {
      map.remove(map.keySet().iterator().next());
    }
  }

  private static CompletableFuture<Void> failed() {
    return CompletableFuture.failedFuture(unavailable());
  }

  private static IllegalStateException unavailable() {
    return new IllegalStateException("the certificate of SNS could not be fetched");
  }

  /** The certificate, if it was issued for SNS; else null. */
  private static @Nullable X509Certificate certificate(byte[] pem) {
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem));
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")
            && NAME.matcher(String.valueOf(part.getValue())).matches()) {
          return certificate;
        }
      }
      return null;
    } catch (CertificateException | InvalidNameException malformed) {
      return null;
    }
  }

  /** A certificate that is being fetched, or waits for that. */
  private static final class Fetch {
    private final URI url;
    private final String topic;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean started;

    Fetch(URI url, String topic) {
      this.url = url;
      this.topic = topic;
    }
  }

  /**
   * A certificate.
   *
   * @param until when it is fetched again, epoch milliseconds
   */
  private record Entry(X509Certificate certificate, long until) {
    boolean isValid(long now) {
      Instant at = Instant.ofEpochMilli(now);
      return !certificate.getNotBefore().toInstant().isAfter(at)
          && !certificate.getNotAfter().toInstant().isBefore(at);
    }
  }

  private static final class HttpsFetcher implements Fetcher {
    @Override
    public CompletableFuture<byte[]> fetch(URI url) {
      HttpRequest request = HttpRequest.newBuilder(url).timeout(TIMEOUT).build();
      return BoundedHttp.sendAsync(
              request, answer -> new LimitedBody(answer.statusCode(), MAX_BYTES))
          .thenApply(HttpResponse::body);
    }
  }
}
