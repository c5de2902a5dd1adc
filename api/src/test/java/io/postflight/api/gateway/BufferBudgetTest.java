package io.postflight.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

final class BufferBudgetTest {
  private static final long MAX = 64_000;
  private static final long BODY = 1_000;

  private long now;
  private final BufferBudget budget = new BufferBudget(MAX, BODY, () -> now);

  @Test
  void one_connection_may_hold_an_eighth() {
    Peer peer = peer("a");
    assertThat(open(budget, peer, "acme").grow(MAX / 8)).isTrue();

    assertThat(open(budget, peer, "acme").grow(1)).isFalse();
    assertThat(open(budget, peer("a"), "acme").grow(1)).isTrue();
  }

  @Test
  void one_address_may_hold_a_quarter() {
    assertThat(open(budget, peer("a"), "acme").grow(MAX / 8)).isTrue();
    assertThat(open(budget, peer("a"), "globex").grow(MAX / 8)).isTrue();

    assertThat(open(budget, peer("a"), "initech").grow(1)).isFalse();
    assertThat(open(budget, peer("b"), "acme").grow(1)).isTrue();
  }

  @Test
  void one_tenant_may_hold_a_half() {
    for (String address : new String[] {"a", "b", "c", "d"}) {
      assertThat(open(budget, peer(address), "acme").grow(MAX / 8)).isTrue();
    }

    assertThat(open(budget, peer("e"), "acme").grow(1)).isFalse();
    assertThat(open(budget, peer("e"), "globex").grow(1)).isTrue();
  }

  @Test
  void a_client_of_a_trusted_proxy_may_hold_a_quarter() {
    assertThat(budget.open(peer(null), "client", "acme").grow(MAX / 4)).isTrue();

    assertThat(budget.open(peer(null), "client", "globex").grow(1)).isFalse();
    assertThat(budget.open(peer(null), "other", "globex").grow(MAX / 4)).isTrue();
  }

  @Test
  void a_trusted_proxy_is_limited_by_its_tenants_only() {
    Peer proxy = peer(null);

    assertThat(open(budget, proxy, "acme").grow(MAX / 2)).isTrue();
    assertThat(open(budget, proxy, "globex").grow(MAX / 2)).isTrue();
    assertThat(open(budget, proxy, "initech").grow(1)).isFalse();
  }

  @Test
  void every_share_admits_one_body_of_the_maximum_size() {
    BufferBudget small = new BufferBudget(4_000, BODY, () -> now);

    assertThat(open(small, peer("a"), "acme").grow(BufferBudget.OVERHEAD + BODY)).isTrue();
  }

  @Test
  void the_oldest_arriving_body_is_evicted() {
    boolean[] evicted = new boolean[2];
    BufferBudget.Share first = arriving("a", evicted, 0);
    now = 1;
    BufferBudget.Share second = arriving("a", evicted, 1);
    BufferBudget.Share late = open(budget, peer("a"), "acme");
    assertThat(late.grow(MAX / 8)).as("both may still arrive").isFalse();

    now = BufferBudget.SLOW_NANOS + 1;

    assertThat(late.grow(MAX / 8)).isTrue();
    assertThat(evicted).containsExactly(true, false);
    assertThat(first.grow(1)).as("its share was released").isFalse();
    second.close();
    late.close();
    first.close();
    assertThat(budget.held()).isZero();
  }

  @Test
  void a_smaller_body_evicts_one_of_the_connection_that_holds_the_most() {
    boolean[] evicted = new boolean[2];
    arriving("a", evicted, 0);
    BufferBudget.Share less = open(budget, peer("a"), "acme");
    less.arriving(() -> evicted[1] = true);
    assertThat(less.grow(MAX / 8 - 1)).isTrue();

    assertThat(open(budget, peer("a"), "globex").grow(MAX / 8))
        .as("it would hold as much")
        .isFalse();
    assertThat(open(budget, peer("a"), "globex").grow(BODY)).isTrue();

    assertThat(evicted).containsExactly(true, false);
  }

  @Test
  void a_complete_body_is_not_evicted() {
    boolean[] evicted = new boolean[2];
    arriving("a", evicted, 0).arrived();
    arriving("a", evicted, 1).arrived();
    now = BufferBudget.SLOW_NANOS + 1;

    assertThat(open(budget, peer("a"), "acme").grow(1)).isFalse();
    assertThat(evicted).containsExactly(false, false);
  }

  @Test
  void a_body_that_is_not_read_at_once_with_its_request_is_evicted() {
    List<Runnable> afterRead = new ArrayList<>();
    CompletableFuture<byte[]> unfinished =
        read(HttpRequest.streaming(HttpMethod.POST, "/"), afterRead);
    CompletableFuture<byte[]> whole =
        read(HttpRequest.of(HttpMethod.POST, "/", MediaType.JSON, "{}"), afterRead);
    assertThat(whole.join()).hasSize(2);
    afterRead.forEach(Runnable::run);
    now = BufferBudget.SLOW_NANOS + 1;

    assertThat(open(budget, peer("a"), "acme").grow(MAX / 8)).isTrue();
    assertThat(open(budget, peer("a"), "acme").grow(5 * BODY)).isTrue();

    assertThat(unfinished).failsWithin(Duration.ofSeconds(10));
  }

  @Test
  void a_full_share_does_not_evict_bodies_of_others() {
    boolean[] evicted = new boolean[1];
    arriving("b", evicted, 0);
    assertThat(open(budget, peer("a"), "acme").grow(MAX / 8)).isTrue();
    assertThat(open(budget, peer("a"), "acme").grow(MAX / 8)).isTrue();
    now = BufferBudget.SLOW_NANOS + 1;

    assertThat(open(budget, peer("a"), "acme").grow(1)).isFalse();
    assertThat(evicted).containsExactly(false);
  }

  /** A refusal does not scan the bodies that are still arriving. */
  @Test
  void a_flood_of_bodies_beyond_their_share_is_refused_in_seconds() {
    BufferBudget large = new BufferBudget(1L << 32, BODY, () -> now);
    for (int connection = 0; connection < 1_000; connection++) {
      Peer peer = peer("a" + connection % 10);
      for (int i = 0; i < 100; i++) {
        BufferBudget.Share share = open(large, peer, "acme");
        share.arriving(() -> {});
        assertThat(share.grow(BufferBudget.OVERHEAD)).isTrue();
      }
    }
    Peer full = peer("b");
    assertThat(open(large, full, "acme").grow((1L << 32) / 8)).isTrue();

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < 100_000; i++) {
            try (BufferBudget.Share share = open(large, full, "acme")) {
              share.arriving(() -> {});
              assertThat(share.grow(1)).isFalse();
            }
          }
        });
  }

  @Test
  void a_body_in_small_chunks_counts_its_buffer_capacity() {
    HttpRequestWriter request = HttpRequest.streaming(HttpMethod.POST, "/");
    BufferBudget.Share share = open(budget, peer("a"), "acme");
    CompletableFuture<byte[]> body =
        BodyReader.read(ServiceRequestContext.of(request), request, BODY, share);

    for (String piece : List.of("ab", "cd", "e")) {
      request.write(HttpData.ofUtf8(piece));
    }
    Awaitility.await().until(() -> budget.held() == BufferBudget.OVERHEAD + 8);
    request.close();

    assertThat(body.join()).asString(StandardCharsets.UTF_8).isEqualTo("abcde");
    assertThat(budget.held()).isEqualTo(BufferBudget.OVERHEAD + 5);
    share.close();
    assertThat(budget.held()).isZero();
  }

  /** Tasks after the read are not run. */
  private CompletableFuture<byte[]> read(HttpRequest request, List<Runnable> afterRead) {
    Peer reading =
        new Peer() {
          @Override
          public Object address() {
            return "a";
          }

          @Override
          public void afterRead(Runnable task) {
            afterRead.add(task);
          }
        };
    BufferBudget.Share share = open(budget, reading, "acme");
    return BodyReader.read(ServiceRequestContext.of(request), request, BODY, share);
  }

  private BufferBudget.Share arriving(String address, boolean[] evicted, int index) {
    BufferBudget.Share share = open(budget, peer(address), "acme");
    share.arriving(() -> evicted[index] = true);
    assertThat(share.grow(MAX / 8)).isTrue();
    return share;
  }

  private static BufferBudget.Share open(BufferBudget budget, Peer peer, String tenant) {
    return budget.open(peer, peer.address(), tenant);
  }

  /** Each is a separate connection. */
  private static Peer peer(@Nullable Object address) {
    return new Peer() {
      @Override
      public @Nullable Object address() {
        return address;
      }
    };
  }
}
