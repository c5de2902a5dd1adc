package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.simulator.ExpectedMessage;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a tenant moves to another tier while its events arrive. A message keeps the tier of
 * its first event, nothing is copied, and reads and erasures cover both tiers.
 *
 * <p>Fault: in mid-stream the tenant's record assigns new messages to another tier.
 *
 * <p>Checked: both tiers have rows; each message is in exactly one; through the API every message
 * is found and every user's timeline is complete; the erasure of a user with messages in both tiers
 * leaves none in either.
 */
class MovedTenantTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String KEY = "pf_moved1_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

  @Test
  void reads_and_erasures_cover_both_tiers_of_a_tenant_that_moved_in_mid_stream() throws Exception {
    FixedTenants tenants = FixedTenants.of(acme(new TierPeriod("30d", 0L)));
    try (FaultRun run = FaultRun.of("a tenant moved to another tier in mid-stream");
        FaultDeployment deployment =
            new FaultDeployment(
                "moved",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                tenants,
                List.of(
                    FaultDeployment.Place.on(SharedServers.cassandra(), 30),
                    FaultDeployment.Place.on(SharedServers.cassandra(), 60)));
        Load load = Load.of(deployment, 12, 800);
        FaultApi api = FaultApi.start(deployment)) {
      deployment.startAll();
      await().atMost(TIMEOUT).until(deployment::isRunning);
      load.startAt(50);
      await().atMost(TIMEOUT).until(() -> deployment.oracle("30d").records() > 300);
      tenants.put(
          acme(new TierPeriod("30d", 0L), new TierPeriod("60d", System.currentTimeMillis() + 500)));
      await().atMost(TIMEOUT).until(() -> deployment.oracle("60d").records() > 200);

      load.finish();
      FaultRun.awaitLagZero(deployment);
      assertWhole(api, load.simulation().expectedMessages().toList());
      run.settle(deployment, load);

      assertErasureCoversBoth(deployment, api, load.simulation().expectedMessages().toList());
    }
  }

  private static void assertErasureCoversBoth(
      FaultDeployment deployment, FaultApi api, List<ExpectedMessage> messages) {
    Map<String, List<ExpectedMessage>> byUser =
        messages.stream()
            .filter(message -> message.userId() != null)
            .collect(Collectors.groupingBy(message -> String.valueOf(message.userId())));
    List<ExpectedMessage> ofOne =
        byUser.values().stream()
            .filter(
                theirs ->
                    stored(deployment, "30d", theirs) > 0 && stored(deployment, "60d", theirs) > 0)
            .findFirst()
            .orElseThrow();
    String user = String.valueOf(ofOne.get(0).userId());
    DeploymentClient client = api.client();

    DeploymentClient.ApiResponse receipt =
        client.delete("/v1/users/" + DeploymentClient.encoded(user), KEY);

    assertThat(receipt.status()).isIn(200, 202);
    assertThat(
            client
                .get("/v1/users/" + DeploymentClient.encoded(user) + "/timeline", KEY)
                .body()
                .path("items"))
        .isEmpty();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(stored(deployment, "30d", ofOne)).isZero();
              assertThat(stored(deployment, "60d", ofOne)).isZero();
            });
  }

  private static long stored(
      FaultDeployment deployment, String tier, List<ExpectedMessage> messages) {
    return messages.stream()
        .filter(
            message ->
                deployment
                    .store(tier)
                    .message(message.tenant(), message.messageId())
                    .toCompletableFuture()
                    .join()
                    .isPresent())
        .count();
  }

  private static void assertWhole(FaultApi api, List<ExpectedMessage> messages) {
    DeploymentClient client = api.client();
    Map<String, Long> events =
        messages.stream()
            .filter(message -> message.userId() != null)
            .collect(
                Collectors.groupingBy(
                    message -> String.valueOf(message.userId()),
                    Collectors.summingLong(ExpectedMessage::distinctEvents)));
    events.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(50)
        .forEach(
            user -> {
              JsonNode page =
                  client
                      .get(
                          "/v1/users/"
                              + DeploymentClient.encoded(user.getKey())
                              + "/timeline?limit=1000&type=message.*",
                          KEY)
                      .body();
              assertThat(page.path("items")).as(user.getKey()).hasSize(user.getValue().intValue());
            });
    Map<String, Long> tiers =
        messages.stream()
            .map(
                message ->
                    client.get(
                        "/v1/messages/" + DeploymentClient.encoded(message.messageId()), KEY))
            .collect(
                Collectors.groupingBy(
                    answer -> answer.body().path("tier").asText("HTTP " + answer.status()),
                    Collectors.counting()));
    assertThat(tiers).containsOnlyKeys("30d", "60d");
  }

  private static Tenant acme(TierPeriod... tiers) {
    ApiKey key = ApiKeys.kept(KEY, List.of("read", "erase"), 0);
    return new Tenant(
        "acme",
        List.of(tiers),
        List.of(new ShardVersion(2, 0L)),
        List.of(new ShardVersion(2, 0L)),
        List.of(key),
        Map.of());
  }
}
