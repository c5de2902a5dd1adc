package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.demo.embedded.DevTenants;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.runtime.RoleContext;
import io.postflight.runtime.RoleSelection;
import io.postflight.runtime.RunningRoles;
import io.postflight.runtime.TestDeployment;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.directory.TenantWriter;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.cql.ClusterSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of tenants and keys by command, and their effect on running roles. */
class TenantCommandsTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  private static TestDeployment deployment;
  private static TenantFeed feed;
  private static RunningRoles roles;

  @BeforeAll
  static void startApi() throws Exception {
    deployment = TestDeployment.of("tenants").created();
    DeploymentSettings settings = deployment.settings();
    feed =
        TenantFeed.start(
            settings.kafka().clientProperties(),
            settings.kafka().topics().tenants(),
            TenantRules.withTiers(settings.tierNames()).refusingPublished(DevTenants.published()),
            deployment.serdes());
    roles =
        RunningRoles.start(
            new RoleContext(
                settings, deployment.serdes(), feed, RoleContext.metersOfJvm(), Clock.systemUTC()),
            new RoleSelection(false, Set.of(), true));
  }

  @AfterAll
  static void stopApi() {
    roles.close();
    feed.close();
  }

  @Test
  void an_added_tenant_can_call_with_its_key_within_seconds() throws Exception {
    CommandRun add = CommandRun.on(deployment, "tenants", "add", "add1", "--tier", "30d", "--json");

    assertThat(add.code()).as(add.err()).isZero();
    String key = json(add).path("apiKey").asText();
    assertThat(key).startsWith("pf_");
    assertThat(json(add).at("/webhooks/whatsapp").asText())
        .isEqualTo("https://<your host: set gateway.publicUrl>/webhooks/whatsapp/add1");
    answers(key, OK);
    CommandRun show = CommandRun.done(deployment, "tenants", "show", "add1", "--json");
    assertThat(show.out()).doesNotContain(key, key.substring(key.lastIndexOf('_')), "sha256");
    assertThat(json(show).at("/keys/0/id").asText()).isEqualTo(key.split("_", -1)[1]);
    assertThat(CommandRun.done(deployment, "tenants", "list", "--json").out())
        .contains("\"id\":\"add1\"");
  }

  /** Without {@code --replay}, {@code normalize} uses no servers. */
  private static final String REPLAY = "normalize --replay --provider events --from 1h";

  /** Each command on servers that takes {@code --tenant}, with what else it needs. */
  static List<String> commandsOfATenant() {
    return Commands.leaves().stream()
        .filter(command -> Commands.has(command, "--tenant") && Commands.has(command, "--servers"))
        .map(Commands::withDummies)
        .map(line -> line.startsWith("normalize ") ? REPLAY : line)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commandsOfATenant")
  void a_tenant_that_does_not_exist_is_an_error_of_every_command(String command) {
    CommandRun run = CommandRun.on(deployment, (command + " --tenant ghost").split(" "));

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(2);
    assertThat(run.err()).contains("--tenant ghost").hasLineCount(1);
    assertThat(run.target()).contains("Kafka " + deployment.settings().kafka().bootstrapServers());
  }

  static List<String> commandsOfATier() {
    return Commands.leaves().stream()
        .filter(command -> Commands.has(command, "--tier") && Commands.has(command, "--servers"))
        .map(command -> Commands.withDummies(command).replace(" --tier 30d", ""))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commandsOfATier")
  void a_tier_that_does_not_exist_is_an_error_of_every_command(String command) {
    CommandRun run = CommandRun.on(deployment, (command + " --tier 31d").split(" "));

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(2);
    assertThat(run.err()).contains("31d", "30d").hasLineCount(1);
  }

  @Test
  void a_tenant_that_was_added_after_the_start_of_a_dev_is_found_with_its_key() throws Exception {
    Path data = Files.createDirectories(deployment.directory().resolve("dev"));
    DeploymentSettings settings = deployment.settings();
    Endpoints.builder(
            "http://127.0.0.1:" + roles.httpPort(),
            settings.kafka().bootstrapServers(),
            settings.registry().url().toString())
        .status("http://127.0.0.1:" + roles.statusPort())
        .cql(Map.of("30d", cql(settings)))
        .adminKey(DevTenants.operatorKey())
        .build()
        .writeTo(data);
    Path ofDev = deployment.directory().resolve("dev.conf");
    Files.writeString(
        ofDev,
        """
        kafka.topicPrefix = "%s"
        tiers { 15d = null, 60d = null, 90d = null, 30d.keyspace = "%s" }
        """
            .formatted(
                settings.kafka().topicPrefix(), settings.tiers().get(0).cluster().keyspace()));
    String[] onDev = {"--servers", data.toString(), "--config", ofDev.toString()};

    CommandRun added = onDev(onDev, "tenants", "add", "later", "--tier", "30d", "--json");
    CommandRun again = onDev(onDev, "keys", "rotate", "--tenant", "later", "--json");

    assertThat(added.code()).as(added.err()).isZero();
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(json(added).at("/webhooks/whatsapp").asText())
        .isEqualTo("http://127.0.0.1:" + roles.httpPort() + "/webhooks/whatsapp/later");
    String key = json(again).path("apiKey").asText();
    answers(key, OK);
    assertThat(Endpoints.read(data.resolve("endpoints.json")).tenant("later").orElseThrow())
        .isEqualTo(new Endpoints.TenantAccess("later", "30d", key, Map.of()));
  }

  private static CommandRun onDev(String[] servers, String... command) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of(servers));
    return CommandRun.of(deployment.directory(), line.toArray(String[]::new));
  }

  private static Endpoints.Cql cql(DeploymentSettings settings) {
    ClusterSettings cluster = settings.tiers().get(0).cluster();
    String[] hostAndPort = cluster.contactPoints().get(0).split(":", 2);
    return new Endpoints.Cql(
        hostAndPort[0], Integer.parseInt(hostAndPort[1]), cluster.datacenter(), cluster.keyspace());
  }

  @Test
  void a_tenant_is_not_added_twice() {
    CommandRun.done(deployment, "tenants", "add", "twice", "--tier", "30d");

    CommandRun again = CommandRun.on(deployment, "tenants", "add", "twice", "--tier", "30d");

    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("'twice'", "keys create").hasLineCount(1);
    assertThat(again.out()).isEmpty();
  }

  @Test
  void rotated_keys_overlap_and_a_revoked_one_ends_within_seconds() throws Exception {
    String first =
        json(CommandRun.done(deployment, "tenants", "add", "rot", "--tier", "30d", "--json"))
            .path("apiKey")
            .asText();
    String second =
        json(CommandRun.done(deployment, "keys", "rotate", "--tenant", "rot", "--json"))
            .path("apiKey")
            .asText();
    answers(second, OK);
    answers(first, OK);

    CommandRun third = CommandRun.on(deployment, "keys", "create", "--tenant", "rot");
    CommandRun revoke = CommandRun.on(deployment, "keys", "revoke", "--tenant", "rot");

    assertThat(third.code()).isEqualTo(1);
    assertThat(third.err()).contains("already has 2 keys");
    assertThat(revoke.code()).isZero();
    answers(first, UNAUTHORIZED);
    answers(second, OK);
    CommandRun last = CommandRun.on(deployment, "keys", "revoke", "--tenant", "rot");
    assertThat(last.code()).isEqualTo(2);
    assertThat(last.err()).contains("only the key " + second.split("_", -1)[1]);
    CommandRun.done(deployment, "keys", "revoke", "--tenant", "rot", second);
    answers(second, UNAUTHORIZED);
  }

  @Test
  void a_file_is_applied_once_and_what_it_leaves_out_stays() throws Exception {
    String key =
        json(CommandRun.done(deployment, "tenants", "add", "filed", "--tier", "30d", "--json"))
            .path("apiKey")
            .asText();
    Path secrets = deployment.directory().resolve("secrets.conf");
    Files.writeString(secrets, "tenants.filed.secrets.twilio.authToken = t");
    apply(secrets);
    Path file = deployment.directory().resolve("filed.conf");
    Files.writeString(
        file,
        """
        tenants {
          filed { timelineShards = 8, secrets.whatsapp { appSecret = ${HOME}, verifyToken = v } }
          filed2 { tier = 30d, listingShards = 4 }
        }
        """);

    CommandRun dry = apply(file, "--dry-run");
    CommandRun first = apply(file);
    CommandRun second = apply(file);

    assertThat(dry.lines()).hasSize(2).allMatch(line -> line.endsWith("(dry run)"));
    assertThat(first.lines().get(0))
        .matches(
            "filed +changed: secrets.whatsapp.appSecret added, secrets.whatsapp.verifyToken added,"
                + " timelineShards changed");
    assertThat(first.lines().get(1))
        .matches("filed2 +added; it has no API key yet: postflight keys create --tenant filed2");
    assertThat(second.lines()).allMatch(line -> line.contains(" unchanged"));
    JsonNode filed = json(CommandRun.done(deployment, "tenants", "show", "filed", "--json"));
    assertThat(filed.at("/timelineShards/0/count").asInt()).isEqualTo(1);
    assertThat(filed.at("/timelineShards/1/count").asInt()).isEqualTo(8);
    assertThat(filed.at("/timelineShards/1/from").asText()).isGreaterThan("2026");
    assertThat(filed.at("/secrets/whatsapp").valueStream().map(JsonNode::asText))
        .containsExactly("appSecret", "verifyToken");
    assertThat(CommandRun.done(deployment, "tenants", "show", "filed").out())
        .containsPattern("secrets whatsapp +appSecret, verifyToken")
        .containsPattern("secrets twilio +authToken");
    JsonNode filed2 = json(CommandRun.done(deployment, "tenants", "show", "filed2", "--json"));
    assertThat(filed2.path("listingShards")).hasSize(1);
    assertThat(filed2.at("/listingShards/0/count").asInt()).isEqualTo(4);
    answers(key, OK);
  }

  @Test
  void a_file_with_an_invalid_tenant_is_refused_as_a_whole() throws Exception {
    Path file = deployment.directory().resolve("bad.conf");
    Files.writeString(
        file,
        """
        tenants { good1 { tier = 30d }, bad1 { tier = 31d }, bad2 { tier = 30d, timelineShards = 999 } }
        """);

    CommandRun refused = apply(file);

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            file + ": tenant 'bad1': tier: there is no tier '31d'; allowed: 30d",
            "'bad2': timelineShards: count 999 is not allowed; 1 to 256")
        .hasLineCount(1);
    assertThat(CommandRun.on(deployment, "tenants", "show", "good1").code()).isEqualTo(1);
  }

  @Test
  void a_file_with_an_unknown_field_or_a_plaintext_key_is_refused() throws Exception {
    Path file = deployment.directory().resolve("odd.conf");
    Files.writeString(file, "tenants { odd { tier = 30d, teir = 30d } }");
    CommandRun unknown = apply(file);
    Files.writeString(file, "tenants { odd { tier = 30d, apiKey = pf_a_0123456789abcdef } }");
    CommandRun clear = apply(file);
    Files.writeString(file, "tenants { odd { tier = 30d, secrets.pigeon.ring = x } }");
    CommandRun provider = apply(file);

    assertThat(List.of(unknown.code(), clear.code(), provider.code())).containsOnly(2);
    assertThat(unknown.err()).contains("teir", "timelineShards").hasLineCount(1);
    assertThat(clear.err()).contains("keys create").doesNotContain("0123456789abcdef");
    assertThat(provider.err()).contains("pigeon", "whatsapp");
  }

  @Test
  void a_published_key_is_refused() throws Exception {
    String hash = DevTenants.of(Set.of("30d")).get(0).record().getKeys().get(0).getSha256();
    Path file = deployment.directory().resolve("public.conf");
    Files.writeString(
        file, "tenants { pub { tier = 30d, keys = [{ id = k, sha256 = \"" + hash + "\" }] } }");

    CommandRun refused = apply(file);

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("public");
  }

  @Test
  void an_invalid_record_in_the_topic_does_not_replace_the_last_valid_one() throws Exception {
    String key =
        json(CommandRun.done(deployment, "tenants", "add", "kept", "--tier", "30d", "--json"))
            .path("apiKey")
            .asText();
    answers(key, OK);
    Tenant bad =
        Tenant.newBuilder(feed.current().find("kept").orElseThrow())
            .setTiers(List.of(new TierPeriod("no-such-tier", 0L)))
            .setKeys(List.of())
            .build();
    DeploymentSettings settings = deployment.settings();
    try (TenantWriter careless =
        TenantWriter.open(
            settings.kafka().clientProperties(),
            settings.kafka().topics().tenants(),
            TenantRules.anyTier(),
            deployment.serdes())) {
      assertThat(feed.awaitVersion(careless.put(bad), SOON)).isTrue();
    }

    answers(key, OK);
    assertThat(feed.current().find("kept").orElseThrow().getTiers().get(0).getTier())
        .isEqualTo("30d");
    String next =
        json(CommandRun.done(deployment, "keys", "rotate", "--tenant", "kept", "--json"))
            .path("apiKey")
            .asText();
    answers(next, OK);
  }

  /** Within 5 seconds, as promised: a read of a message that is not there, or a refusal. */
  private static void answers(String key, int status) {
    DeploymentClient client = new DeploymentClient("http://127.0.0.1:" + roles.httpPort());
    int expected = status == OK ? NOT_FOUND : status;
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(client.get("/v1/messages/none", key).status()).isEqualTo(expected));
  }

  private static CommandRun apply(Path file, String... more) {
    String[] all = new String[more.length + 5];
    System.arraycopy(
        new String[] {
          "tenants", "apply", file.toString(), "--config", deployment.file().toString()
        },
        0,
        all,
        0,
        5);
    System.arraycopy(more, 0, all, 5, more.length);
    return CommandRun.of(deployment.directory(), "", java.util.Map.of("HOME", "s3cret"), all);
  }

  private static JsonNode json(CommandRun run) throws Exception {
    return JsonMapper.builder().build().readTree(run.out());
  }
}
