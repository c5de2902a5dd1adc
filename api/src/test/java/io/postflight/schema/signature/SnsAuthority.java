package io.postflight.schema.signature;

import com.sun.net.httpserver.HttpServer;
import io.postflight.schema.http.BoundedHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands in for SNS: a certificate authority of its own, which the JDK's keytool creates, a local
 * server that publishes the certificates, and a fetcher that leads there in place of Amazon.
 */
public final class SnsAuthority implements AutoCloseable {
  /** A topic that it signs for. */
  public static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:events";

  private static final String HOST = "https://sns.eu-west-1.amazonaws.com";
  private static final String CERTIFICATE = "/SimpleNotificationService-0123abcd.pem";
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final HttpServer server;
  private final Map<String, byte[]> content = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Starts it; its files are in a folder of the caller's. */
  public SnsAuthority(Path folder) throws IOException {
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String target = exchange.getRequestURI().toString();
          requests.add(target);
          byte[] found = content.get(target);
          exchange.sendResponseHeaders(
              found == null ? 404 : 200, found == null ? -1 : found.length);
          if (found != null) {
            exchange.getResponseBody().write(found);
          }
          exchange.close();
        });
    server.start();
    keytool(List.of("-genkeypair", "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c"));
    issue("sns", "sns.amazonaws.com", CERTIFICATE);
  }

  /** Issues a certificate and publishes it. */
  void issue(String alias, String name, String path) throws IOException {
    keytool(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + name));
    Path request = folder.resolve(alias + ".csr");
    Path certificate = folder.resolve(alias + ".pem");
    keytool(List.of("-certreq", "-alias", alias, "-file", request.toString()));
    keytool(
        List.of(
            "-gencert",
            "-alias",
            "ca",
            "-rfc",
            "-infile",
            request.toString(),
            "-outfile",
            certificate.toString()));
    publish(path, Files.readAllBytes(certificate));
  }

  /** Publishes a resource. */
  public void publish(String target, byte[] bytes) {
    content.put(target, bytes);
  }

  /** Path and query of all requests so far. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Leads to the local server. */
  public SnsCertificates.Fetcher fetcher() {
    return url -> {
      String target = url.getRawPath() + (url.getRawQuery() == null ? "" : '?' + url.getRawQuery());
      URI local = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + target);
      return BoundedHttp.sendAsync(
              HttpRequest.newBuilder(local).timeout(Duration.ofSeconds(5)).build(),
              answer -> new LimitedBody(answer.statusCode(), 64 * 1024))
          .thenApply(HttpResponse::body);
    };
  }

  /** A notification with this message, signed by version 1 or 2. */
  public String notification(String message, int version) {
    return message(
        Map.of("Type", "Notification", "Message", message, "Subject", "A subject"), version);
  }

  /** A request to confirm a subscription. */
  public String subscription(String token) {
    return message(
        Map.of(
            "Type",
            "SubscriptionConfirmation",
            "Message",
            "You have chosen to subscribe",
            "Token",
            token,
            "SubscribeURL",
            HOST + "/?Action=ConfirmSubscription&TopicArn=" + TOPIC + "&Token=" + token),
        2);
  }

  private String message(Map<String, String> fields, int version) {
    Map<String, String> all = new TreeMap<>(fields);
    all.put("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324");
    all.put("TopicArn", TOPIC);
    all.put("Timestamp", "2026-11-22T12:00:00.000Z");
    StringBuilder text = new StringBuilder();
    all.forEach((name, value) -> text.append(name).append('\n').append(value).append('\n'));
    all.put("SignatureVersion", Integer.toString(version));
    all.put("Signature", signed(text.toString(), version));
    all.put("SigningCertURL", HOST + CERTIFICATE);
    StringBuilder json = new StringBuilder("{");
    all.forEach(
        (name, value) ->
            json.append(json.length() == 1 ? "\"" : ",\"")
                .append(name)
                .append("\":\"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                .append('"'));
    return json.append('}').toString();
  }

  private String signed(String text, int version) {
    try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      java.security.Signature signer =
          java.security.Signature.getInstance(version == 1 ? "SHA1withRSA" : "SHA256withRSA");
      signer.initSign((PrivateKey) keys.getKey("sns", PASSWORD.toCharArray()));
      signer.update(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signer.sign());
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private void keytool(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(List.of("-keystore", folder.resolve("keys.p12").toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    if (!arguments.contains("-certreq")) {
      command.addAll(List.of("-startdate", "2026/01/01 00:00:00", "-validity", "36500"));
    }
    if (arguments.contains("-genkeypair")) {
      command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048"));
    }
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(command + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A fetcher whose answers never come. */
  static SnsCertificates.Fetcher silent(List<URI> fetched) {
    return url -> {
      fetched.add(url);
      return new CompletableFuture<>();
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
