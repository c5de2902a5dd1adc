package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.store.TimelineQuery;
import io.postflight.store.cql.CqlEventStore;
import io.postflight.topology.TopologyRole;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: the erasure of a person by any id leaves no row of the person, in whatever order
 * events, links and commands arrive, and every row of the person who had the number before or
 * after.
 *
 * <p>Fault: the topology is replaced while commands are being extended.
 *
 * <p>Checked: each receipt is closed; each message of an erased person is gone, with its rows on
 * every timeline; each message of the others is there.
 */
class ErasedPersonsTest {
  private static final int PERSONS = 24;
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final String KEY = "pf_person_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

  /**
   * A message of a person.
   *
   * @param id by which its event names the person
   */
  private record PersonsMessage(String message, int person, String id) {}

  private final Random random = new Random(11);
  private final long start = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
  private final List<PersonsMessage> messages = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();

  @Test
  void an_erasure_covers_all_ids_of_a_person_and_no_other_person() throws Exception {
    try (FaultRun run = FaultRun.of("the topology replaced while erasures are extended");
        FaultDeployment deployment =
            new FaultDeployment(
                "persons",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                FixedTenants.of(acme()),
                List.of(FaultDeployment.Place.on(SharedServers.cassandra(), 30)));
        KafkaProducer<byte[], byte[]> producer = producer(deployment);
        FaultApi api = FaultApi.start(deployment)) {
      for (int person = 0; person < PERSONS; person++) {
        live(person);
      }
      TopologyRole first = deployment.startTopology();
      deployment.startSink();
      await().atMost(TIMEOUT).until(deployment::isRunning);
      List<String> left = new ArrayList<>(bodies);
      Collections.shuffle(left, random);

      Set<Integer> erased = new TreeSet<>();
      List<CompletableFuture<String>> receipts = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        send(deployment, producer, left.get(i));
        if (i % 20 == 19 && erased.size() < PERSONS / 4) {
          int person = 4 * random.nextInt(PERSONS / 4);
          if (erased.add(person)) {
            receipts.add(erase(api.client(), id(person, random)));
          }
        }
        if (i == left.size() / 2) {
          deployment.stop(first);
          deployment.startTopology();
        }
      }
      producer.flush();

      FaultRun.awaitLagZero(deployment);
      for (int person : List.of(2, 7, 10, 15)) {
        erased.add(person);
        receipts.add(erase(api.client(), person % 2 == 0 ? id(person, random) : number(person)));
      }
      await().atMost(TIMEOUT).untilAsserted(() -> assertThat(open(api, receipts)).isEmpty());
      FaultRun.awaitLagZero(deployment);
      run.note("erasedPersons", erased.size());
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(wrong(deployment.store("30d"), erased)).isEmpty());
    }
  }

  /**
   * A person with an even number has a phone number that the next person has in the second half of
   * the time, each named with it when they begin to use it. Every second pair has events that name
   * the number alone; it is erased once all events are known.
   */
  private void live(int person) {
    String number = number(person);
    boolean quiet = person / 2 % 2 == 1;
    boolean former = person % 2 == 0;
    long from = start + (former ? 0 : 600_000);
    event(person, number, from, "DE." + person);
    event(person, "DE." + person, from + 1_000, person + "@lid");
    event(person, person + "@lid", from + 2_000, "customer-" + person);
    for (int i = 3; i < 12; i++) {
      switch (random.nextInt(3)) {
        case 0 -> event(person, number, from + i * 1_000L, "DE." + person);
        case 1 -> event(person, "customer-" + person, from + i * 1_000L);
        default -> event(person, quiet ? number : person + "@lid", from + i * 1_000L);
      }
    }
  }

  private static String number(int person) {
    return "4917000" + (10_000 + person / 2);
  }

  private static String id(int person, Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> "DE." + person;
      case 1 -> person + "@lid";
      default -> "customer-" + person;
    };
  }

  private void event(int person, String user, long time, String... aliases) {
    PersonsMessage message = new PersonsMessage("m" + messages.size(), person, user);
    messages.add(message);
    List<String> others = List.of(aliases).stream().map(id -> '"' + id + '"').toList();
    bodies.add(
        "{\"messageId\":\"%s\",\"userId\":\"%s\",\"aliases\":[%s],\"status\":\"DELIVERED\","
                .formatted(message.message(), user, String.join(",", others))
            + "\"eventTime\":%d}".formatted(time));
  }

  /** The receipt's id; the answer may come when the erasure is done. */
  private static CompletableFuture<String> erase(DeploymentClient client, String user) {
    return CompletableFuture.supplyAsync(
        () -> {
          DeploymentClient.ApiResponse answer =
              client.delete("/v1/users/" + DeploymentClient.encoded(user), KEY);
          assertThat(answer.status()).as(answer.body().toString()).isIn(200, 202);
          return answer.body().path("id").asText();
        },
        task -> new Thread(task, "erase-" + user).start());
  }

  private static List<String> open(FaultApi api, List<CompletableFuture<String>> receipts) {
    return receipts.stream()
        .map(id -> api.client().get("/v1/erasures/" + id.join(), KEY).body())
        .filter(receipt -> !receipt.path("state").asText().equals("DONE"))
        .map(Object::toString)
        .toList();
  }

  /** Messages that are there although their person is erased, or are not although it is not. */
  private List<String> wrong(CqlEventStore store, Set<Integer> erased) {
    List<String> wrong = new ArrayList<>();
    for (PersonsMessage each : messages) {
      boolean there =
          store.message("acme", each.message()).toCompletableFuture().join().isPresent();
      boolean onTimeline =
          store
              .timeline(
                  TimelineQuery.newest("acme", each.id(), List.of(new ShardVersion(1, 0L)), 500))
              .toCompletableFuture()
              .join()
              .items()
              .stream()
              .anyMatch(item -> each.message().equals(item.messageId()));
      boolean expected = !erased.contains(each.person());
      if (there != expected || onTimeline != expected) {
        wrong.add(each + " stored " + there + ", on timeline " + onTimeline);
      }
    }
    return wrong;
  }

  private static KafkaProducer<byte[], byte[]> producer(FaultDeployment deployment) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", deployment.bootstrap()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void send(
      FaultDeployment deployment, KafkaProducer<byte[], byte[]> producer, String body) {
    long now = System.currentTimeMillis();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            deployment.topics().rawWebhooks(),
            null,
            now,
            null,
            body.getBytes(StandardCharsets.UTF_8));
    Map.of(
            RawHeaders.PROVIDER, "events",
            RawHeaders.TENANT, "acme",
            RawHeaders.CONTENT_TYPE, "application/json",
            RawHeaders.RECEIVED_AT, Long.toString(now),
            RawHeaders.TENANTS_VERSION, "0")
        .forEach(
            (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    var unused = producer.send(record);
  }

  private static Tenant acme() {
    return new Tenant(
        "acme",
        List.of(new TierPeriod("30d", 0L)),
        List.of(new ShardVersion(1, 0L)),
        List.of(new ShardVersion(1, 0L)),
        List.of(ApiKeys.kept(KEY, List.of("read", "erase"), 0)),
        Map.of());
  }
}
