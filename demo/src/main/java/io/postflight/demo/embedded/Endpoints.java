package io.postflight.demo.embedded;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.schema.settings.RecordCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a running stack can be reached and with which keys: the content of {@code endpoints.json},
 * which is part of the contract.
 *
 * @param http base address of webhooks and queries
 * @param servesHttp whether it serves them: a stack that was started with servers only does not
 * @param status base address of health and metrics; null: they are not served
 * @param kafka bootstrap address
 * @param registry address of the schema registry
 * @param cql per tier, where it is stored
 * @param tenants the tenants with their keys and secrets
 * @param adminKey the operator's key; null: it is one of the user's settings, and not known
 * @param pid process id of the stack
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Endpoints(
    String http,
    boolean servesHttp,
    @Nullable String status,
    String kafka,
    String registry,
    Map<String, Cql> cql,
    List<TenantAccess> tenants,
    @Nullable String adminKey,
    long pid) {
  /** Name of the file within the data directory. */
  public static final String FILE = "endpoints.json";

  private static final Pattern LOOPBACK =
      Pattern.compile("(http://)?(localhost|127(\\.[0-9]{1,3}){3}|\\[?::1\\]?)(:[0-9]+)?/?");

  /** Copies. */
  public Endpoints {
    cql = Map.copyOf(cql);
    tenants = List.copyOf(tenants);
  }

  /** Begins the endpoints of this process that serves HTTP, without tiers and tenants. */
  public static Builder builder(String http, String kafka, String registry) {
    return new Builder(http, kafka, registry);
  }

  /** Collects endpoints. */
  public static final class Builder {
    private final String http;
    private final String kafka;
    private final String registry;
    private boolean servesHttp = true;
    private @Nullable String status;
    private Map<String, Cql> cql = Map.of();
    private List<TenantAccess> tenants = List.of();
    private @Nullable String adminKey;
    private long pid = ProcessHandle.current().pid();

    private Builder(String http, String kafka, String registry) {
      this.http = http;
      this.kafka = kafka;
      this.registry = registry;
    }

    /** Whether webhooks and queries are served at the base address. */
    public Builder servesHttp(boolean whether) {
      servesHttp = whether;
      return this;
    }

    /** Base address of health and metrics; null: they are not served. */
    public Builder status(@Nullable String address) {
      status = address;
      return this;
    }

    /** Per tier, where it is stored. */
    public Builder cql(Map<String, Cql> byTier) {
      cql = byTier;
      return this;
    }

    /** The tenants with their keys and secrets. */
    public Builder tenants(List<TenantAccess> all) {
      tenants = all;
      return this;
    }

    /** The operator's key; null: it is not known. */
    public Builder adminKey(@Nullable String key) {
      adminKey = key;
      return this;
    }

    /** Process id of the stack. */
    public Builder pid(long id) {
      pid = id;
      return this;
    }

    /** The endpoints. */
    public Endpoints build() {
      return new Endpoints(http, servesHttp, status, kafka, registry, cql, tenants, adminKey, pid);
    }
  }

  /** Where a tier is stored. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Cql(String host, int port, String datacenter, String keyspace) {}

  /**
   * Access to a tenant.
   *
   * @param id the tenant
   * @param tier its tier
   * @param apiKey an API key with all scopes
   * @param secrets secrets for signatures, per provider
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record TenantAccess(
      String id, String tier, String apiKey, Map<String, Map<String, String>> secrets) {}

  /** Access of a tenant. */
  public Optional<TenantAccess> tenant(String id) {
    return tenants.stream().filter(tenant -> tenant.id().equals(id)).findFirst();
  }

  /** The same with access to a tenant added or replaced. */
  public Endpoints with(TenantAccess access) {
    List<TenantAccess> all = new ArrayList<>(tenants);
    all.removeIf(tenant -> tenant.id().equals(access.id()));
    all.add(access);
    return RecordCopy.with(this, "tenants", all);
  }

  /** Writes the file in a directory atomically, readable only by its owner. */
  public Path writeTo(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    Path draft = directory.resolve(FILE + ".new");
    OwnerOnly.write(draft, JsonMapper.builder().build().writeValueAsBytes(this));
    return Files.move(
        draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Reads a file.
   *
   * @throws IOException also if another user can write it, or an address is not of this machine:
   *     API keys and data are sent to these addresses
   */
  public static Endpoints read(Path file) throws IOException {
    OwnerOnly.requireOwn(file);
    Endpoints read =
        JsonMapper.builder().build().readValue(Files.readAllBytes(file), Endpoints.class);
    for (String address : read.addresses()) {
      if (!LOOPBACK.matcher(address).matches()) {
        throw new IOException(file + " has the address " + address + ", which is not loopback");
      }
    }
    return read;
  }

  private List<String> addresses() {
    List<String> addresses = new ArrayList<>(List.of(http, registry, kafka));
    if (status != null) {
      addresses.add(status);
    }
    cql.values().forEach(each -> addresses.add(each.host()));
    return addresses;
  }
}
