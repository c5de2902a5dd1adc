package io.postflight.settings;

import java.lang.reflect.Field;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Every setting there is, with what it may be. Defaults and explanations stand in {@code
 * config/postflight.conf}, which a test compares with this list.
 */
final class Catalogue {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
  private static final Kind<String> A_NAME =
      Kind.text("a name of letters, digits, '.', '_' and '-'", NAME);
  private static final Kind<String> A_PATH = Kind.text("the path of a directory", ".+");
  private static final Kind<Integer> PARTITIONS = Kind.integer(1, 1_000);
  private static final Kind<Duration> TOPIC_RETENTION = Kind.duration("1h", "3650d");
  private static final Kind<Duration> WAIT = Kind.duration("1s", "30d");
  private static final Kind<Duration> SESSION = Kind.duration("1s", "5m");
  private static final Kind<Duration> COMMIT = Kind.duration("10ms", "30s");

  static final Setting<List<String>> KAFKA_BOOTSTRAP =
      new Setting<>("kafka.bootstrap", Kind.list(Kind.hostAndPort()));
  static final Setting<String> KAFKA_TOPIC_PREFIX =
      new Setting<>(
          "kafka.topicPrefix",
          Kind.text("up to 100 letters, digits, '.', '_', '-'; or empty", "[A-Za-z0-9._-]{0,100}"));
  static final Setting<Integer> KAFKA_REPLICATION =
      new Setting<>("kafka.replication", Kind.integer(1, 9));
  static final Setting<Integer> KAFKA_PARTITIONS_RAW =
      new Setting<>("kafka.partitions.raw", PARTITIONS);
  static final Setting<Integer> KAFKA_PARTITIONS_EVENTS =
      new Setting<>("kafka.partitions.events", PARTITIONS);
  static final Setting<Integer> KAFKA_PARTITIONS_STORE =
      new Setting<>("kafka.partitions.store", PARTITIONS);
  static final Setting<Duration> KAFKA_RETENTION_RAW =
      new Setting<>("kafka.retention.raw", TOPIC_RETENTION);
  static final Setting<Duration> KAFKA_RETENTION_EVENTS =
      new Setting<>("kafka.retention.events", TOPIC_RETENTION);
  static final Setting<Duration> KAFKA_RETENTION_POSTFLIGHT =
      new Setting<>("kafka.retention.postflight", TOPIC_RETENTION);
  static final Setting<Duration> KAFKA_RETENTION_STORE =
      new Setting<>("kafka.retention.store", TOPIC_RETENTION);
  static final Setting<Duration> KAFKA_RETENTION_DEAD_LETTERS =
      new Setting<>("kafka.retention.deadLetters", TOPIC_RETENTION);
  static final Setting<Duration> KAFKA_RETENTION_BACKUPS =
      new Setting<>("kafka.retention.backups", TOPIC_RETENTION);
  static final Setting<Duration> KAFKA_RETENTION_BACKUP_DISTANCE =
      new Setting<>("kafka.retention.backupDistance", TOPIC_RETENTION);

  static final Setting<URI> REGISTRY_URL = new Setting<>("registry.url", Kind.url());
  static final Setting<Optional<String>> REGISTRY_CREDENTIALS =
      new Setting<>("registry.credentials", Kind.optional(Kind.secret("user:password")));

  static final Setting<String> HTTP_HOST =
      new Setting<>("http.host", Kind.text("a host name or address", "[A-Za-z0-9.:_-]+"));
  static final Setting<Integer> HTTP_PORT = new Setting<>("http.port", Kind.integer(0, 65_535));
  static final Setting<Optional<Integer>> HTTP_STATUS_PORT =
      new Setting<>("http.statusPort", Kind.optional(Kind.integer(0, 65_535)));
  static final Setting<Optional<String>> HTTP_OPERATOR_KEY_HASH =
      new Setting<>(
          "http.operatorKeyHash",
          Kind.optional(Kind.text("64 hexadecimal digits in lower case", "[0-9a-f]{64}")));
  static final Setting<Integer> HTTP_MAX_CONNECTIONS =
      new Setting<>("http.maxConnections", Kind.integer(1, 1_000_000));
  static final Setting<Integer> HTTP_MAX_CONNECTIONS_PER_ADDRESS =
      new Setting<>("http.maxConnectionsPerAddress", Kind.integer(1, 1_000_000));
  static final Setting<Optional<List<String>>> HTTP_TRUSTED_PROXIES =
      new Setting<>(
          "http.trustedProxies",
          Kind.optional(
              Kind.list(
                  Kind.text(
                      "an address or a network, such as 192.0.2.1 or 10.0.0.0/8",
                      "[0-9A-Fa-f:.]+(?:/\\d{1,3})?"))));
  static final Setting<Integer> HTTP_MAX_STREAMS =
      new Setting<>("http.maxStreams", Kind.integer(1, 10_000));
  static final Setting<Long> HTTP_MAX_UNREAD_PER_CONNECTION =
      new Setting<>("http.maxUnreadPerConnection", Kind.bytes("64KiB", "64GiB"));
  static final Setting<Long> HTTP_MAX_UNREAD =
      new Setting<>("http.maxUnread", Kind.bytes("64KiB", "64GiB"));
  static final Setting<Long> HTTP_MAX_HEADER =
      new Setting<>("http.maxHeader", Kind.bytes("1KiB", "1MiB"));
  static final Setting<Duration> HTTP_REQUEST_TIMEOUT =
      new Setting<>("http.requestTimeout", Kind.duration("100ms", "10m"));
  static final Setting<Duration> HTTP_IDLE_TIMEOUT =
      new Setting<>("http.idleTimeout", Kind.duration("1s", "1h"));
  static final Setting<Duration> HTTP_SHUTDOWN_TIMEOUT =
      new Setting<>("http.shutdownTimeout", Kind.duration("0s", "10m"));

  static final Setting<Optional<URI>> GATEWAY_PUBLIC_URL =
      new Setting<>("gateway.publicUrl", Kind.optional(Kind.url()));
  static final Setting<Boolean> GATEWAY_TRUST_FORWARDED =
      new Setting<>("gateway.trustForwarded", Kind.bool());
  static final Setting<Long> GATEWAY_MAX_BODY =
      new Setting<>("gateway.maxBody", Kind.bytes("1KiB", "3700KiB"));
  static final Setting<Long> GATEWAY_MAX_BUFFERED =
      new Setting<>("gateway.maxBuffered", Kind.bytes("4MiB", "64GiB"));
  static final Setting<Duration> GATEWAY_KAFKA_TIMEOUT =
      new Setting<>("gateway.kafkaTimeout", Kind.duration("100ms", "60s"));

  static final Setting<Optional<String>> QUERY_CURSOR_SECRET =
      new Setting<>("query.cursorSecret", Kind.optional(Kind.secret("a text of 16 bytes or more")));
  static final Setting<Duration> QUERY_MAX_WAIT =
      new Setting<>("query.maxWait", Kind.duration("0s", "5m"));
  static final Setting<Integer> QUERY_MAX_WAITS =
      new Setting<>("query.maxWaits", Kind.integer(1, 1_000_000));
  static final Setting<Integer> QUERY_MAX_WAITS_PER_TENANT =
      new Setting<>("query.maxWaitsPerTenant", Kind.integer(1, 1_000_000));
  static final Setting<Duration> QUERY_BUDGET =
      new Setting<>("query.budget", Kind.duration("50ms", "1m"));

  static final Setting<String> TOPOLOGY_APPLICATION_ID =
      new Setting<>("topology.applicationId", A_NAME);
  static final Setting<String> TOPOLOGY_STATE_DIR = new Setting<>("topology.stateDir", A_PATH);
  static final Setting<Integer> TOPOLOGY_THREADS =
      new Setting<>("topology.threads", Kind.integer(1, 256));
  static final Setting<Integer> TOPOLOGY_STANDBY_REPLICAS =
      new Setting<>("topology.standbyReplicas", Kind.integer(0, 10));
  static final Setting<Duration> TOPOLOGY_COMMIT_INTERVAL =
      new Setting<>("topology.commitInterval", COMMIT);
  static final Setting<Duration> TOPOLOGY_SESSION_TIMEOUT =
      new Setting<>("topology.sessionTimeout", SESSION);
  static final Setting<Optional<String>> TOPOLOGY_INSTANCE_ID =
      new Setting<>("topology.instanceId", Kind.optional(A_NAME));
  static final Setting<Long> TOPOLOGY_BLOCK_CACHE =
      new Setting<>("topology.blockCache", Kind.bytes("8MiB", "1024GiB"));
  static final Setting<Long> TOPOLOGY_WRITE_BUFFER =
      new Setting<>("topology.writeBuffer", Kind.bytes("4MiB", "1024GiB"));
  static final Setting<Duration> TOPOLOGY_TENANT_TIMEOUT =
      new Setting<>("topology.tenantTimeout", Kind.duration("0s", "2m"));
  static final Setting<Duration> TOPOLOGY_CAUGHT_UP_INTERVAL =
      new Setting<>("topology.caughtUpInterval", Kind.duration("100ms", "10m"));

  static final Setting<Duration> LIFECYCLE_WAIT_DEFAULT =
      new Setting<>("lifecycle.wait.default", WAIT);
  static final Setting<Optional<Duration>> LIFECYCLE_WAIT_WHATSAPP =
      new Setting<>("lifecycle.wait.whatsapp", Kind.optional(WAIT));
  static final Setting<Optional<Duration>> LIFECYCLE_WAIT_SMS =
      new Setting<>("lifecycle.wait.sms", Kind.optional(WAIT));
  static final Setting<Optional<Duration>> LIFECYCLE_WAIT_EMAIL =
      new Setting<>("lifecycle.wait.email", Kind.optional(WAIT));
  static final Setting<Duration> LIFECYCLE_RETAIN =
      new Setting<>("lifecycle.retain", Kind.duration("1s", "3650d"));

  static final Setting<String> SINK_APPLICATION_ID = new Setting<>("sink.applicationId", A_NAME);
  static final Setting<String> SINK_STATE_DIR = new Setting<>("sink.stateDir", A_PATH);
  static final Setting<Integer> SINK_THREADS = new Setting<>("sink.threads", Kind.integer(1, 64));
  static final Setting<Duration> SINK_COMMIT_INTERVAL =
      new Setting<>("sink.commitInterval", COMMIT);
  static final Setting<Duration> SINK_SESSION_TIMEOUT =
      new Setting<>("sink.sessionTimeout", SESSION);
  static final Setting<Integer> SINK_WINDOW_ROWS =
      new Setting<>("sink.window.rows", Kind.integer(1, 1_000_000));
  static final Setting<Long> SINK_WINDOW_BYTES =
      new Setting<>("sink.window.bytes", Kind.bytes("64KiB", "4GiB"));
  static final Setting<Long> SINK_PARTITION_BYTES =
      new Setting<>("sink.window.partitionBytes", Kind.bytes("64KiB", "4GiB"));
  static final Setting<Integer> SINK_BATCH_ROWS =
      new Setting<>("sink.batch.rows", Kind.integer(1, 1_000));
  static final Setting<Long> SINK_BATCH_BYTES =
      new Setting<>("sink.batch.bytes", Kind.bytes("1KiB", "16MiB"));
  static final Setting<Duration> SINK_BATCH_LINGER =
      new Setting<>("sink.batch.linger", Kind.duration("0ms", "1s"));
  static final Setting<Long> SINK_MAX_ROW =
      new Setting<>("sink.maxRow", Kind.bytes("1KiB", "16MiB"));
  static final Setting<Integer> SINK_STATEMENTS =
      new Setting<>("sink.statements", Kind.integer(1, 4_096));
  static final Setting<Duration> SINK_ROOM_WAIT =
      new Setting<>("sink.roomWait", Kind.duration("1ms", "10s"));
  static final Setting<Duration> SINK_RETRY_FIRST =
      new Setting<>("sink.retry.first", Kind.duration("1ms", "1m"));
  static final Setting<Duration> SINK_RETRY_MOST =
      new Setting<>("sink.retry.most", Kind.duration("10ms", "5m"));
  static final Setting<Duration> SINK_TOPIC_WAIT =
      new Setting<>("sink.topicWait", Kind.duration("1s", "1d"));

  static final Setting<Optional<Duration>> TIER_RETENTION =
      new Setting<>("tiers.*.retention", Kind.durationOrForever("1s", "7300d"));
  static final Setting<List<String>> TIER_BUCKET_WIDTH =
      new Setting<>(
          "tiers.*.bucketWidth",
          Kind.list(
              Kind.text(
                  "a time span such as 1d, or <RFC 3339 time>=<time span> from that time on",
                  "(?:\\d{4}-\\d{2}-\\d{2}T[0-9:.]+Z=)?\\d+\\s*(?:ms|s|m|h|d)")));
  static final Setting<List<String>> TIER_CONTACT_POINTS =
      new Setting<>("tiers.*.contactPoints", Kind.list(Kind.hostAndPort()));
  static final Setting<String> TIER_DATACENTER = new Setting<>("tiers.*.datacenter", A_NAME);
  static final Setting<String> TIER_KEYSPACE =
      new Setting<>(
          "tiers.*.keyspace",
          Kind.text(
              "a lower-case letter, then up to 47 lower-case letters, digits or '_'",
              "[a-z][a-z0-9_]{0,47}"));
  static final Setting<List<String>> TIER_REPLICATION =
      new Setting<>(
          "tiers.*.replication",
          Kind.list(
              Kind.text(
                  "a number of replicas in the local datacenter, or <datacenter>=<number>",
                  "(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}=)?[1-9]\\d?")));
  static final Setting<String> TIER_WRITE_CONSISTENCY =
      new Setting<>(
          "tiers.*.writeConsistency",
          Kind.oneOf("LOCAL_ONE", "LOCAL_QUORUM", "QUORUM", "EACH_QUORUM", "ALL"));
  static final Setting<String> TIER_READ_CONSISTENCY =
      new Setting<>(
          "tiers.*.readConsistency", Kind.oneOf("LOCAL_ONE", "LOCAL_QUORUM", "QUORUM", "ALL"));
  static final Setting<Duration> TIER_GC_GRACE =
      new Setting<>("tiers.*.gcGrace", Kind.duration("0s", "365d"));
  static final Setting<Optional<String>> TIER_USERNAME =
      new Setting<>("tiers.*.username", Kind.optional(Kind.text("a user name", ".+")));
  static final Setting<Optional<String>> TIER_PASSWORD =
      new Setting<>("tiers.*.password", Kind.optional(Kind.secret("the user's password")));
  static final Setting<Duration> TIER_REQUEST_TIMEOUT =
      new Setting<>("tiers.*.requestTimeout", Kind.duration("50ms", "2m"));

  static final Setting<String> DEV_DATA_DIR = new Setting<>("dev.dataDir", A_PATH);
  static final Setting<Integer> DEV_CASSANDRA_HEAP =
      new Setting<>("dev.cassandraHeapMiB", Kind.integer(256, 65_536));

  /** Section whose keys go to every Kafka client as they are. */
  static final String KAFKA_CLIENT = "kafka.client";

  /** What says which servers are meant, and how they are connected to. */
  static final List<Setting<?>> SERVERS =
      List.of(
          KAFKA_BOOTSTRAP,
          REGISTRY_URL,
          REGISTRY_CREDENTIALS,
          TIER_CONTACT_POINTS,
          TIER_DATACENTER,
          TIER_USERNAME,
          TIER_PASSWORD);

  /** Section that gives each tier what its own section leaves out. */
  static final String TIER_DEFAULTS = "tierDefaults";

  private Catalogue() {}

  /** Every setting, in the order in which they are declared. */
  static List<Setting<?>> all() {
    List<Setting<?>> settings = new ArrayList<>();
    for (Field field : Catalogue.class.getDeclaredFields()) {
      if (field.getType() == Setting.class) {
        settings.add(read(field));
      }
    }
    return settings;
  }

  private static Setting<?> read(Field field) {
    try {
      return (Setting<?>) Objects.requireNonNull(field.get(null));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
