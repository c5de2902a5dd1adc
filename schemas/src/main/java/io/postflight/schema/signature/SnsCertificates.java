package io.postflight.schema.signature;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that SNS signs with. They are fetched from {@code sns.<region>.amazonaws.com}
 * over HTTPS only, whose own certificate is the proof that they are Amazon's (SNS publishes them
 * without their chain), and kept for a day.
 *
 * <p>Bounded: {@value #MAX_KEPT} certificates, {@value #MAX_FETCHES} fetches at a time; one that
 * failed is not fetched again for a minute. Never blocks. Thread-safe.
 */
public final class SnsCertificates {
  private static final int MAX_KEPT = 64;
  private static final int MAX_FETCHES = 4;
  private static final int MAX_BYTES = 64 * 1024;
  private static final Duration KEPT = Duration.ofDays(1);
  private static final Duration FAILED = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final Pattern HOST =
      Pattern.compile("sns\\.([a-z0-9-]{4,32})\\.amazonaws\\.com(\\.cn)?");
  private static final Pattern PATH =
      Pattern.compile("/SimpleNotificationService-[A-Za-z0-9]{1,64}\\.pem");
  private static final Pattern NAME = Pattern.compile("sns[a-z0-9.-]*\\.amazonaws\\.com(\\.cn)?");

  private final Fetcher fetcher;
  private final InstantSource clock;
  private final Map<URI, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<URI, CompletableFuture<Void>> fetches = new HashMap<>();

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

  /** The host's region, if a URL leads to SNS: HTTPS, its own port, no user. */
  static Optional<String> region(URI url) {
    Matcher host = HOST.matcher(url.getHost() == null ? "" : url.getHost());
    boolean plain =
        "https".equals(url.getScheme())
            && (url.getPort() == -1 || url.getPort() == 443)
            && url.getUserInfo() == null
            && url.getFragment() == null;
    return plain && host.matches() ? Optional.of(host.group(1)) : Optional.empty();
  }

  /** The URL of a certificate in this region; empty if it is another one. */
  static Optional<URI> certificateUrl(String text, String region) {
    return url(text)
        .filter(url -> region(url).filter(region::equals).isPresent())
        .filter(url -> url.getQuery() == null && PATH.matcher(url.getPath()).matches());
  }

  /** The URL of an action of SNS in this region; empty if it is another one. */
  static Optional<URI> actionUrl(String text, String region) {
    return url(text).filter(url -> region(url).filter(region::equals).isPresent());
  }

  private static Optional<URI> url(String text) {
    try {
      return text.length() > 2048 ? Optional.empty() : Optional.of(URI.create(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** A certificate that is loaded and valid now; null if it is not. */
  @Nullable X509Certificate find(URI url) {
    Entry entry;
    synchronized (this) {
      entry = entries.get(url);
    }
    return entry == null || entry.until < clock.millis() ? null : entry.valid(clock.millis());
  }

  /** Loads a certificate unless it is loaded; fails if it could not be, or not a minute ago. */
  CompletableFuture<Void> load(URI url) {
    CompletableFuture<byte[]> fetched = new CompletableFuture<>();
    CompletableFuture<Void> loading =
        fetched.handle(
            (pem, failure) -> {
              X509Certificate certificate = failure == null ? certificate(pem) : null;
              keep(url, certificate);
              if (certificate == null) {
                throw unavailable();
              }
              return null;
            });
    synchronized (this) {
      Entry entry = entries.get(url);
      if (entry != null && entry.until >= clock.millis()) {
        return entry.certificate == null ? failed() : CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> running = fetches.get(url);
      if (running != null) {
        return running;
      }
      if (fetches.size() == MAX_FETCHES) {
        return failed();
      }
      fetches.put(url, loading);
    }
    var unused =
        fetch(url)
            .whenComplete(
                (pem, failure) -> {
                  if (failure == null) {
                    fetched.complete(pem);
                  } else {
                    fetched.completeExceptionally(failure);
                  }
                });
    return loading;
  }

  private CompletableFuture<byte[]> fetch(URI url) {
    try {
      return fetcher.fetch(url);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private static CompletableFuture<Void> failed() {
    return CompletableFuture.failedFuture(unavailable());
  }

  private static IllegalStateException unavailable() {
    return new IllegalStateException("the certificate of SNS could not be fetched");
  }

  /** The fetcher, for URLs of SNS that are no certificates. */
  Fetcher fetcher() {
    return fetcher;
  }

  private synchronized void keep(URI url, @Nullable X509Certificate certificate) {
    fetches.remove(url);
    Duration age = certificate == null ? FAILED : KEPT;
    entries.put(url, new Entry(certificate, clock.millis() + age.toMillis()));
    if (entries.size() > MAX_KEPT) {
      entries.remove(entries.keySet().iterator().next());
    }
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

  /**
   * A certificate; null: it could not be loaded.
   *
   * @param until when it is loaded again, epoch milliseconds
   */
  private record Entry(@Nullable X509Certificate certificate, long until) {
    @Nullable X509Certificate valid(long now) {
      if (certificate == null) {
        return null;
      }
      Instant at = Instant.ofEpochMilli(now);
      return certificate.getNotBefore().toInstant().isAfter(at)
              || certificate.getNotAfter().toInstant().isBefore(at)
          ? null
          : certificate;
    }
  }

  private static final class HttpsFetcher implements Fetcher {
    /** Created for the first fetch, since it has a thread. */
    private static final class Client {
      private static final HttpClient INSTANCE =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(TIMEOUT)
              .build();
    }

    @Override
    public CompletableFuture<byte[]> fetch(URI url) {
      HttpRequest request = HttpRequest.newBuilder(url).timeout(TIMEOUT).build();
      return Client.INSTANCE
          .sendAsync(request, answer -> new LimitedBody(answer.statusCode(), MAX_BYTES))
          .thenApply(HttpResponse::body);
    }
  }
}
