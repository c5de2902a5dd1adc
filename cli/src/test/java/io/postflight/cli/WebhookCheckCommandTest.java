package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.schema.signature.Signature;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookCheckCommandTest {
  private static final String BASE = "https://hooks.example.com";
  private static final String WEBHOOK = BASE + "/webhooks/twilio/acme";
  private static final Map<String, String> SECRETS = Map.of("authToken", "t0ken");

  @TempDir Path directory;

  @Test
  void a_callback_by_get_is_checked_with_its_query_string() {
    String query = "MessageSid=SM1&MessageStatus=sent";
    String signature = signature(WEBHOOK + '?' + query);

    CommandRun valid = check(Map.of(), signature, "--query", query, "--secret", "t0ken");
    CommandRun other = check(Map.of(), signature, "--query", query + "x", "--secret", "t0ken");

    assertThat(valid.code()).as(valid.err()).isZero();
    assertThat(valid.out())
        .contains(
            "X-Twilio-Signature: " + signature + "  (of " + WEBHOOK + '?' + query + ')',
            "  (of https://hooks.example.com:443/webhooks/twilio/acme?" + query + ')');
    assertThat(other.code()).isEqualTo(1);
  }

  @Test
  void a_json_body_is_checked_with_its_hash_in_the_query_string() throws IOException {
    byte[] body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    Files.write(directory.resolve("body.json"), body);
    Files.writeString(directory.resolve("token"), "t0ken\n");
    Signature signed =
        SignatureChecks.sign("twilio", SignedRequest.post(WEBHOOK, Map.of(), body), SECRETS);
    String query = signed.url().substring(WEBHOOK.length());

    CommandRun run =
        check(Map.of(), value(signed), "--query", query, "--secret-file", "token", "body.json");

    assertThat(run.code()).as(run.out() + run.err()).isZero();
  }

  @Test
  void a_get_of_a_provider_that_signs_none_is_refused() {
    CommandRun run =
        CommandRun.of(
            directory,
            "webhook",
            "check",
            "--provider",
            "whatsapp",
            "--tenant",
            "acme",
            "--query",
            "hub.mode=subscribe");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("FILE is missing", "messagebird, twilio, vonage");
  }

  @Test
  void a_signature_with_a_time_is_checked_against_that_of_the_arrival() throws IOException {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    Files.write(directory.resolve("body.json"), body);
    long arrival = Instant.parse("2026-03-01T08:00:00Z").toEpochMilli();
    SignedRequest request =
        SignedRequest.post(BASE, Map.of(), body).received(arrival, SignedRequest.MAX_AGE);
    Map<String, String> headers =
        SignatureChecks.sign("standard", request, Map.of("signingSecret", "c2VjcmV0")).headers();

    assertThat(standard(headers, "2026-03-01T08:04:00Z").code()).isZero();
    CommandRun late = standard(headers, "2026-03-01T08:06:00Z");
    assertThat(late.code()).isEqualTo(1);
    assertThat(late.out())
        .contains("webhook-timestamp is 360 s before the arrival")
        .contains("  arrival      2026-03-01T08:06:00Z");
    String seconds = Long.toString(arrival / 1000);
    assertThat(standard(headers, seconds).out())
        .as("milliseconds are understood")
        .contains("  arrival      1970-01-21T");
  }

  @Test
  void an_option_that_has_no_effect_with_the_provider_is_refused() {
    List<String> line =
        List.of("webhook", "check", "--provider", "whatsapp", "--tenant", "acme", "--url", BASE);

    CommandRun time = CommandRun.of(directory, with(line, "--received-at", "1h", "body.json"));
    CommandRun query = CommandRun.of(directory, with(line, "--query", "a=b", "body.json"));

    assertThat(time.code()).isEqualTo(2);
    assertThat(time.err())
        .contains("--received-at would have no effect", "sendgrid")
        .hasLineCount(1);
    assertThat(query.code()).isEqualTo(2);
    assertThat(query.err()).contains("--query would have no effect", "twilio").hasLineCount(1);
  }

  @Test
  void a_token_in_the_url_is_not_printed() {
    CommandRun run =
        CommandRun.of(
            directory,
            "webhook",
            "check",
            "--provider",
            "firetext",
            "--tenant",
            "acme",
            "--url",
            BASE,
            "--secret",
            "s3cret",
            "--query",
            "status=0&token=s3cret");

    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out()).contains("/webhooks/firetext/acme?status=0").doesNotContain("s3cret");
  }

  private CommandRun standard(Map<String, String> headers, String receivedAt) {
    List<String> arguments =
        new ArrayList<>(
            List.of("webhook", "check", "--provider", "standard", "--tenant", "acme", "--url"));
    arguments.addAll(List.of(BASE, "--secret", "c2VjcmV0", "--received-at", receivedAt));
    headers.forEach((name, value) -> arguments.addAll(List.of("--header", name + ": " + value)));
    arguments.add("body.json");
    return CommandRun.of(directory, arguments.toArray(String[]::new));
  }

  @Test
  void the_secret_can_be_in_the_environment() {
    String signature = signature(WEBHOOK + "?a=b");

    CommandRun run = check(Map.of("POSTFLIGHT_SECRET", "t0ken"), signature, "--query", "a=b");
    CommandRun none = check(Map.of(), signature, "--query", "a=b");
    CommandRun nothing = check(Map.of("POSTFLIGHT_SECRET", "t0ken"), signature);

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err())
        .contains("no secret of acme for twilio", "--secret-file", "POSTFLIGHT_SECRET")
        .hasLineCount(1);
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).contains("FILE is missing");
  }

  @Test
  void a_tenant_that_the_running_stack_has_not_is_reported() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean known = exchange.getRequestURI().getPath().endsWith("/acme");
          exchange.sendResponseHeaders(known ? 400 : 404, -1);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Endpoints.builder(url, "127.0.0.1:1", url)
        .status(url)
        .build()
        .writeTo(Files.createDirectories(directory.resolve(".postflight/dev")));
    List<String> line =
        List.of("webhook", "check", "--provider", "twilio", "--query", "a", "--tenant");

    CommandRun known = CommandRun.of(directory, with(line, "acme"));
    CommandRun unknown = CommandRun.of(directory, with(line, "nosuch", "--secret", "s"));
    CommandRun reading = CommandRun.of(directory, "message", "show", "--tenant", "nosuch", "m-1");
    CommandRun withoutKey = CommandRun.of(directory, "message", "show", "--tenant", "acme", "m-1");
    server.stop(0);

    assertThat(known.err()).contains("no secret of acme");
    assertThat(List.of(unknown, reading))
        .allSatisfy(
            run -> {
              assertThat(run.code()).isEqualTo(2);
              assertThat(run.err())
                  .contains("--tenant nosuch is not a tenant of " + url)
                  .hasLineCount(1);
            });
    assertThat(withoutKey.err()).contains("no API key of tenant 'acme' is known").hasLineCount(1);
  }

  @Test
  void an_api_key_of_events_is_checked_by_the_deployment() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/tenant",
        exchange -> {
          byte[] body =
              "{\"tenant\":\"acme\",\"scopes\":[\"write\"]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String key = "pf_k1_" + "0".repeat(40);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Files.writeString(directory.resolve("body.json"), "{}");
    List<String> line =
        List.of("webhook", "check", "--provider", "events", "--tenant", "acme", "body.json");

    CommandRun run =
        CommandRun.of(
            directory, with(line, "--url", url, "--header", "Authorization: Bearer " + key));
    server.stop(0);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("accepted: the API key is valid").doesNotContain(key);
  }

  private static String[] with(List<String> line, String... more) {
    return Stream.concat(line.stream(), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void a_secret_that_is_the_signature_is_never_printed() throws IOException {
    Files.writeString(directory.resolve("body.json"), "{}");
    List<CommandRun> runs = new ArrayList<>();
    for (String header : List.of("X-Other: a", "X-Webhook-Signature: guess", "s3cret")) {
      for (String form : List.of("--quiet", "--json")) {
        runs.add(
            CommandRun.of(
                directory,
                "webhook",
                "check",
                "--provider",
                "wasender",
                "--tenant",
                "acme",
                "--url",
                BASE,
                "--secret",
                "s3cret",
                "--header",
                header,
                form,
                "body.json"));
      }
    }

    assertThat(runs).extracting(CommandRun::code).containsExactly(1, 1, 1, 1, 2, 2);
    assertThat(runs).allSatisfy(run -> assertThat(run.out() + run.err()).doesNotContain("s3cret"));
  }

  @Test
  void a_secret_that_no_header_can_have_is_not_printed() throws IOException {
    Files.writeString(directory.resolve("body.json"), "{}");

    CommandRun run =
        CommandRun.of(
            directory,
            "ingest",
            "--provider",
            "wasender",
            "--tenant",
            "acme",
            "--url",
            "http://127.0.0.1:9",
            "--secret",
            "s3cret\u4e2d",
            "body.json");

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("X-Webhook-Signature").doesNotContain("s3cret");
  }

  private CommandRun check(Map<String, String> variables, String signature, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of("webhook", "check", "--provider", "twilio", "--tenant", "acme", "--url", BASE));
    line.addAll(List.of("--header", "X-Twilio-Signature: " + signature));
    line.addAll(List.of(more));
    return CommandRun.of(directory, "", variables, line.toArray(String[]::new));
  }

  private static String signature(String url) {
    return value(SignatureChecks.sign("twilio", SignedRequest.get(url, Map.of()), SECRETS));
  }

  private static String value(Signature signature) {
    return signature.headers().getOrDefault("X-Twilio-Signature", "");
  }
}
