package io.postflight.demo.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.operations.OperationException;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.settings.DeploymentSettings;
import io.postflight.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {
  private static final Set<String> TIERS = Set.of("15d", "30d", "60d", "90d");

  @TempDir Path directory;

  @Test
  void the_file_has_the_form_of_the_contract() throws IOException {
    JsonNode json = JsonMapper.builder().build().readTree(endpoints(1).writeTo(directory).toFile());

    assertThat(json.properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(
            "http",
            "servesHttp",
            "status",
            "kafka",
            "registry",
            "cql",
            "tenants",
            "adminKey",
            "pid");
    assertThat(json.at("/cql/30d").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("host", "port", "datacenter", "keyspace");
    JsonNode acme = json.at("/tenants/0");
    assertThat(acme.path("id").asText()).isEqualTo("acme");
    assertThat(acme.path("tier").asText()).isEqualTo("30d");
    assertThat(acme.path("apiKey").asText()).startsWith("pf_");
    assertThat(acme.at("/secrets/whatsapp/appSecret").asText()).isNotBlank();
    assertThat(acme.at("/secrets/whatsapp/verifyToken").asText()).isNotBlank();
    assertThat(acme.at("/secrets/twilio/authToken").asText()).isNotBlank();
  }

  @Test
  void a_written_file_is_read_back() throws IOException {
    Endpoints endpoints = endpoints(7);

    assertThat(Endpoints.read(endpoints.writeTo(directory))).isEqualTo(endpoints);
  }

  @Test
  void the_file_and_the_data_directory_are_readable_by_their_owner_only() throws IOException {
    Path data = directory.resolve("a/data");
    Files.createDirectories(data);
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

    for (int start = 1; start <= 2; start++) {
      try (DataDirectory taken = DataDirectory.take(data);
          DataDirectory made = DataDirectory.take(directory.resolve("b/made"))) {
        assertThat(permissions(endpoints(1).writeTo(taken.path()))).isEqualTo("rw-------");
        assertThat(permissions(taken.path())).isEqualTo("rwx------");
        assertThat(permissions(made.path())).isEqualTo("rwx------");
      }
    }
  }

  @Test
  void a_directory_of_another_program_is_refused_and_not_changed() throws IOException {
    Path theirs = Files.createDirectories(directory.resolve("theirs"));
    Files.createDirectories(theirs.resolve("kafka/docs"));
    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThatThrownBy(() -> DataDirectory.take(theirs))
        .isInstanceOf(OperationException.class)
        .hasMessage(
            "--data-dir %s has files and is not a data directory: pass one that is empty or does not exist"
                .formatted(theirs));
    assertThat(theirs).isDirectoryNotContaining("glob:**{lock,format,.postflight-data}");
    assertThat(permissions(theirs)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void a_file_is_no_data_directory() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> DataDirectory.take(file))
        .isInstanceOf(OperationException.class)
        .hasMessage(
            "--data-dir %s cannot be used: %s is not a directory; pass a writable directory"
                .formatted(file, file));
  }

  @Test
  void data_of_another_format_is_refused() throws IOException {
    Path data = directory.resolve("data");
    DataDirectory.take(data).close();
    Files.createDirectories(data.resolve("kafka/store.30d-0"));
    DataDirectory.take(data).close();

    Files.writeString(data.resolve("format"), "0\n");
    assertThatThrownBy(() -> DataDirectory.take(data))
        .hasMessage(
            "--data-dir %s has data of format 0; this version requires format 2: delete it, or pass another directory"
                .formatted(data));
    Files.delete(data.resolve("format"));
    assertThatThrownBy(() -> DataDirectory.take(data)).hasMessageContaining("an earlier format");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void the_dev_tenants_are_those_of_the_contract() {
    assertThat(DevTenants.of(TIERS))
        .extracting(tenant -> tenant.id() + ' ' + tenant.tier())
        .containsExactly("acme 30d", "globex 15d", "hooli 90d", "initech 60d");
  }

  @Test
  void keys_and_secrets_of_the_dev_tenants_are_known_as_public() {
    DevTenants.DevTenant acme = DevTenants.of(TIERS).get(0);

    assertThat(DevTenants.published())
        .contains(acme.record().getKeys().get(0).getSha256(), "dev-acme-app-secret");
  }

  @Test
  void the_operator_of_dev_has_the_key_of_its_settings() {
    DeploymentSettings dev = new SettingsLoader(Map.of()).loadForDevelopment(null, List.of());

    assertThat(dev.http().operatorKey().sha256())
        .hasValue(ApiKeys.sha256(DevTenants.operatorKey()));
    assertThat(DevTenants.published()).contains(ApiKeys.sha256(DevTenants.operatorKey()));
  }

  @Test
  void a_running_stack_is_found_and_a_stopped_one_is_not() throws IOException {
    Path work = Files.createDirectories(directory.resolve("work"));
    RunningStacks stacks = new RunningStacks(Map.of("XDG_CACHE_HOME", directory.toString()), work);
    Endpoints mine = endpoints(ProcessHandle.current().pid());

    stacks.announce(mine.writeTo(directory));

    assertThat(found(stacks)).containsExactly(mine);
    endpoints(Integer.MAX_VALUE).writeTo(directory);
    assertThat(found(stacks)).isEmpty();
    mine.writeTo(directory);
    stacks.withdraw();
    assertThat(found(stacks)).isEmpty();
  }

  @Test
  void the_announcement_of_a_killed_stack_is_removed() throws IOException {
    Path running = Files.createDirectories(directory.resolve("postflight/running"));
    Path left = running.resolve(Integer.toString(Integer.MAX_VALUE));
    Files.writeString(left, endpoints(Integer.MAX_VALUE).writeTo(directory).toString());

    List<Endpoints> found =
        found(new RunningStacks(Map.of("XDG_CACHE_HOME", directory.toString()), directory));

    assertThat(found).isEmpty();
    assertThat(left).doesNotExist();
  }

  private static List<Endpoints> found(RunningStacks stacks) {
    return stacks.all().stream().map(RunningStack::endpoints).toList();
  }

  @Test
  void a_stack_below_the_working_directory_is_found_without_being_announced() throws IOException {
    Path data = Files.createDirectories(directory.resolve("work/.postflight/dev"));
    Endpoints mine = endpoints(ProcessHandle.current().pid());
    mine.writeTo(data);

    RunningStacks stacks =
        new RunningStacks(
            Map.of("XDG_CACHE_HOME", directory.toString()), directory.resolve("work"));

    assertThat(found(stacks)).containsExactly(mine);
  }

  @Test
  void a_file_that_others_can_write_is_not_trusted() throws IOException {
    RunningStacks stacks = inWork();
    Path file = endpoints(ProcessHandle.current().pid()).writeTo(work());

    for (String mode : List.of("rw--w----", "rw-----w-")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      assertThat(found(stacks)).as(mode).isEmpty();
      assertThatThrownBy(() -> DevServers.read(file)).hasMessageContaining("another user");
    }
    long owner = ((Number) Files.getAttribute(file, "unix:uid")).longValue();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    OwnerOnly.requireOwnedBy(owner, file);
    assertThatThrownBy(() -> OwnerOnly.requireOwnedBy(owner + 1, file))
        .hasMessageContaining("another user");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://192.0.2.1:8080",
        "http://127.0.0.1.example.com:8080",
        "http://localhost@example.com:80",
        "https://example.com/?http://127.0.0.1:8080"
      })
  void keys_are_sent_to_addresses_of_this_machine_only(String address) throws IOException {
    RunningStacks stacks = inWork();
    Path file = endpoints(ProcessHandle.current().pid()).writeTo(work());
    Files.writeString(file, Files.readString(file).replace("http://127.0.0.1:8080", address));

    assertThat(found(stacks)).isEmpty();
    assertThatThrownBy(() -> DevServers.read(file)).hasMessageContaining("not loopback");
  }

  @Test
  void without_a_home_directory_nothing_is_announced() throws IOException {
    RunningStacks stacks = new RunningStacks(Map.of(), directory);

    stacks.announce(endpoints(ProcessHandle.current().pid()).writeTo(directory));

    assertThat(found(stacks)).isEmpty();
  }

  private Path work() throws IOException {
    return Files.createDirectories(directory.resolve("work/.postflight/dev"));
  }

  private RunningStacks inWork() {
    return new RunningStacks(Map.of(), directory.resolve("work"));
  }

  private static Endpoints endpoints(long pid) {
    List<Endpoints.TenantAccess> tenants =
        DevTenants.of(TIERS).stream()
            .map(t -> new Endpoints.TenantAccess(t.id(), t.tier(), t.apiKey(), t.secrets()))
            .toList();
    return Endpoints.builder("http://127.0.0.1:8080", "127.0.0.1:1", "http://127.0.0.1:2")
        .status("http://127.0.0.1:8081")
        .cql(Map.of("30d", new Endpoints.Cql("127.0.0.1", 3, "datacenter1", "postflight_30d")))
        .tenants(tenants)
        .adminKey(DevTenants.operatorKey())
        .pid(pid)
        .build();
  }
}
