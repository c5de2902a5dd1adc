package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.postflight.demo.embedded.Endpoints;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command with scripted responses of a deployment. */
class EraseCommandTest {
  private static final String RECEIPT =
      """
      {"id":"e-1","subject":{"message":"m/1"},"fields":[],"at":"2026-11-22T10:00:00Z",%s}\
      """;
  private static final String RUNNING =
      RECEIPT.formatted("\"state\":\"RUNNING\",\"awaitedTiers\":[\"15d\",\"30d\"]");
  private static final String DONE = RECEIPT.formatted("\"rows\":12,\"state\":\"DONE\"");

  private static final String OWNER = "GET /v1/tenant Bearer pf_a_b ";

  @TempDir Path directory;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Queue<StubbedResponse> answers = new ConcurrentLinkedQueue<>();
  private volatile StubbedResponse owner = new StubbedResponse(200, "{\"tenant\":\"acme\"}");
  private HttpServer server;

  private record StubbedResponse(int status, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void the_receipt_is_printed_human_readable() {
    answers.add(new StubbedResponse(200, DONE));

    CommandRun run = erase("--message", "m/1");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("e-1", "m/1", "12", "DONE", "2026-11-22T10:00:00Z");
    assertThat(run.err()).isEmpty();
    assertThat(asked).containsExactly(OWNER, "DELETE /v1/message?id=m%2F1 Bearer pf_a_b ");
  }

  @Test
  void printed_fields_cannot_control_the_terminal() {
    answers.add(
        new StubbedResponse(
            200, "{\"messageId\":\"m\",\"inflight\":false,\"body\":\"a\\u001b[2J\\nb\"}"));

    CommandRun run = run("message", "show", "m");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines()).hasSize(2).last().asString().endsWith(" a\\u001b[2J\\nb");
  }

  @Test
  void a_message_is_printed_with_what_was_redacted() {
    answers.add(
        new StubbedResponse(
            200,
            """
            {"messageId":"m","userId":null,"inflight":true,"times":{"SENT":"2026-11-22T10:00:00Z"},
             "redacted":["body","sender"],"revision":3}
            """));

    CommandRun run = run("message", "show", "m");

    assertThat(run.lines())
        .map(line -> line.strip().replaceAll(" +", " "))
        .containsExactly(
            "m",
            "inflight yes",
            "redacted body, sender",
            "revision 3",
            "at SENT 2026-11-22T10:00:00Z");
  }

  @Test
  void the_ids_of_a_person_are_printed_with_their_periods() {
    String body =
        """
        {"user":"DE.7","aliases":[{"id":"DE.7","kind":"BSUID","from":null,"until":null},
         {"id":"4917","kind":"PHONE","from":null,"until":"2026-06-03T08:00:00Z"}],"truncated":true}
        """;
    answers.add(new StubbedResponse(200, body));
    answers.add(new StubbedResponse(200, body));

    CommandRun run = run("identity", "show", "+49 17");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines())
        .map(line -> line.strip().replaceAll(" +", " "))
        .containsExactly(
            "KIND FROM UNTIL ID",
            "BSUID DE.7",
            "PHONE 2026-06-03T08:00:00Z 4917",
            "The person has more ids: reads and erasures cover these.");
    assertThat(asked).containsExactly(OWNER, "GET /v1/user/identity?id=%2B49%2017 Bearer pf_a_b ");
    assertThat(run("identity", "show", "--json", "DE.7").out()).startsWith("{\"user\":\"DE.7\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "message show",
        "timeline show",
        "identity show",
        "erase --message",
        "erase --user"
      })
  void an_id_with_a_control_character_does_not_exist(String command) {
    List<String> line = new ArrayList<>(List.of(command.split(" ", -1)));
    line.add("a\nb");

    CommandRun run = run(line.toArray(String[]::new));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .endsWith(": there is no 'a\\nb': an id has no control characters")
        .hasLineCount(1);
    assertThat(asked).containsExactly(OWNER);
  }

  @Test
  void a_running_command_is_awaited_and_reported() throws IOException {
    answers.add(new StubbedResponse(202, RUNNING));
    answers.add(new StubbedResponse(503, "{\"detail\":\"come again\"}"));
    answers.add(new StubbedResponse(200, RUNNING));
    answers.add(new StubbedResponse(200, DONE));

    CommandRun run = erase("--user", "u 1", "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines()).hasSize(1);
    JsonNode receipt = JsonMapper.builder().build().readTree(run.out());
    assertThat(receipt).isEqualTo(JsonMapper.builder().build().readTree(DONE));
    assertThat(run.err())
        .contains("e-1 awaits tier 15d, tier 30d; it continues", "GET /v1/erasures/e-1");
    assertThat(asked)
        .containsExactly(
            OWNER,
            "DELETE /v1/user?id=u%201 Bearer pf_a_b ",
            "GET /v1/erasures/e-1 Bearer pf_a_b ",
            "GET /v1/erasures/e-1 Bearer pf_a_b ",
            "GET /v1/erasures/e-1 Bearer pf_a_b ");
  }

  @Test
  void a_deferred_command_is_reported_and_not_awaited() throws IOException {
    String waiting = RECEIPT.formatted("\"state\":\"WAITING\"");
    answers.add(new StubbedResponse(202, waiting));
    answers.add(new StubbedResponse(202, waiting));

    CommandRun run = erase("--user", "u-1", "--json");
    CommandRun text = erase("--user", "u-1");

    assertThat(run.code()).isZero();
    assertThat(JsonMapper.builder().build().readTree(run.out()).path("state").asText())
        .isEqualTo("WAITING");
    assertThat(text.lines())
        .map(line -> line.strip().replaceAll(" +", " "))
        .endsWith("fields all", "at 2026-11-22T10:00:00Z", "state WAITING");
    assertThat(run.err())
        .contains("e-1 is not completed", "end of a tier's recovery")
        .hasLineCount(1);
  }

  @Test
  void fields_to_redact_are_sent() {
    answers.add(new StubbedResponse(200, DONE));

    CommandRun run = erase("--message", "m-1", "--redact", "body, sender");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(asked)
        .containsExactly(
            OWNER, "PATCH /v1/message?id=m-1 Bearer pf_a_b {\"redact\":[\"body\",\"sender\"]}");
  }

  @Test
  void refusals_of_the_deployment_are_reported_with_their_exit_code() {
    List<Integer> codes = new ArrayList<>();
    for (int status : List.of(400, 401, 403, 500, 503)) {
      answers.add(new StubbedResponse(status, "{\"detail\":\"because " + status + "\"}"));
      CommandRun run = erase("--message", "m-1");
      codes.add(run.code());
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("because " + status).hasLineCount(1);
    }

    assertThat(codes).containsExactly(2, 2, 2, 1, 3);
  }

  /** Each command that names a tenant and talks to a deployment, with what else it needs. */
  static List<String> commandsOfATenant() {
    return Commands.leaves().stream()
        .filter(command -> Commands.has(command, "--tenant") && Commands.has(command, "--api-key"))
        .map(Commands::withDummies)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commandsOfATenant")
  void a_key_of_another_tenant_does_nothing_at_all(String command) throws IOException {
    owner = new StubbedResponse(200, "{\"tenant\":\"globex\"}");
    Files.writeString(directory.resolve("dummy"), "{}");

    CommandRun run = run(command.split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("--tenant acme", "globex").hasLineCount(1);
    assertThat(run.out()).isEmpty();
    assertThat(asked).containsExactly(OWNER);
  }

  @Test
  void the_commands_of_a_tenant_are_these() {
    assertThat(commandsOfATenant())
        .extracting(command -> command.replaceAll("( dummy| --).*", ""))
        .containsExactly(
            "erase", "identity show", "ingest", "message explain", "message show", "timeline show");
  }

  @Test
  void a_deployment_that_does_not_identify_the_key_receives_no_other_request() {
    owner = new StubbedResponse(404, "{\"detail\":\"there is nothing at this address\"}");

    CommandRun run = erase("--message", "m-1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("the tenant of this API key", "nothing was done")
        .hasLineCount(1);
    assertThat(asked).containsExactly(OWNER);
  }

  @Test
  void the_key_comes_from_a_file_or_the_environment_too() throws IOException {
    Path file = directory.resolve("key");
    Files.writeString(file, "pf_a_b\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    answers.add(new StubbedResponse(200, DONE));
    answers.add(new StubbedResponse(200, DONE));
    answers.add(new StubbedResponse(200, DONE));
    answers.add(new StubbedResponse(405, "{}")); // the tenant exists

    CommandRun open = keyed(Map.of(), "--api-key-file", "key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    CommandRun closed = keyed(Map.of(), "--api-key-file", "key");
    CommandRun variable = keyed(Map.of("POSTFLIGHT_API_KEY", "pf_a_b"));
    CommandRun none = keyed(Map.of());
    CommandRun both = keyed(Map.of(), "--api-key-file", "key", "--api-key", "pf_a_b");

    assertThat(open.code()).as(open.err()).isZero();
    assertThat(open.err()).contains("key is readable by other users", "chmod 600").hasLineCount(1);
    assertThat(closed.err()).isEmpty();
    assertThat(variable.code()).as(variable.err()).isZero();
    assertThat(asked).hasSize(7);
    assertThat(asked.subList(0, 6)).allMatch(each -> each.contains(" Bearer pf_a_b "));
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("--api-key-file", "POSTFLIGHT_API_KEY").hasLineCount(1);
    assertThat(both.code()).isEqualTo(2);
  }

  @Test
  void the_key_of_a_running_stack_is_used_unless_one_is_given() throws IOException {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Endpoints.builder(url, "127.0.0.1:1", url)
        .status(url)
        .tenants(List.of(new Endpoints.TenantAccess("acme", "30d", "pf_of_stack", Map.of())))
        .build()
        .writeTo(Files.createDirectories(directory.resolve(".postflight/dev")));
    for (int i = 0; i < 3; i++) {
      answers.add(new StubbedResponse(200, DONE));
    }
    String[] erase = {"erase", "--tenant", "acme", "--message", "m-1"};

    CommandRun found = CommandRun.of(directory, erase);
    CommandRun sameAddress = keyed(Map.of());
    CommandRun variable =
        CommandRun.of(directory, "", Map.of("POSTFLIGHT_API_KEY", "pf_a_b"), erase);

    assertThat(List.of(found.code(), sameAddress.code(), variable.code())).containsOnly(0);
    assertThat(asked)
        .extracting(each -> each.replaceAll(".* Bearer (\\S+) .*", "$1"))
        .containsExactly(
            "pf_of_stack", "pf_of_stack", "pf_of_stack", "pf_of_stack", "pf_a_b", "pf_a_b");
  }

  private CommandRun keyed(Map<String, String> environment, String... options) {
    List<String> line = new ArrayList<>(List.of("erase", "--tenant", "acme", "--message", "m-1"));
    line.addAll(List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort()));
    line.addAll(List.of(options));
    return CommandRun.of(directory, "", environment, line.toArray(String[]::new));
  }

  private CommandRun run(String... command) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--tenant", "acme", "--api-key", "pf_a_b"));
    line.addAll(List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort()));
    return CommandRun.of(directory, line.toArray(String[]::new));
  }

  private CommandRun erase(String... options) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "erase",
                "--tenant",
                "acme",
                "--url",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "--api-key",
                "pf_a_b"));
    line.addAll(List.of(options));
    return CommandRun.of(directory, line.toArray(String[]::new));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().toString();
    asked.add(
        exchange.getRequestMethod()
            + ' '
            + path
            + ' '
            + exchange.getRequestHeaders().getFirst("Authorization")
            + ' '
            + body);
    StubbedResponse answer = path.equals("/v1/tenant") ? owner : answers.remove();
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
