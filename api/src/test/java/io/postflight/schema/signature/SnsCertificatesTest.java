package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When certificates of SNS are fetched, and for how long they are used. */
class SnsCertificatesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final URI GENUINE = url("0123abcd");

  @TempDir Path folder;

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final List<URI> fetched = new ArrayList<>();
  private final List<CompletableFuture<byte[]>> answers = new ArrayList<>();
  private final SnsCertificates certificates =
      new SnsCertificates(
          url -> {
            fetched.add(url);
            answers.add(new CompletableFuture<>());
            return answers.get(answers.size() - 1);
          },
          now::get);

  private static URI url(String name) {
    return URI.create(
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-" + name + ".pem");
  }

  private void fail(int fetch) {
    answers.get(fetch).completeExceptionally(new IOException("the answer has status 503"));
  }

  private void loadGenuine() throws IOException {
    try (SnsAuthority sns = new SnsAuthority(folder)) {
      CompletableFuture<Void> loaded = certificates.load(GENUINE, "a");
      answers.get(answers.size() - 1).complete(sns.fetcher().fetch(GENUINE).join());
      assertThat(loaded).isCompleted();
    }
  }

  @Test
  void a_valid_certificate_is_used_while_it_is_fetched_again_and_if_that_fails()
      throws IOException {
    loadGenuine();
    now.set(NOW.plus(Duration.ofHours(25)));

    assertThat(certificates.load(GENUINE, "a")).isCompleted();
    assertThat(fetched).hasSize(2);
    fail(1);
    assertThat(certificates.find(GENUINE)).isNotNull();
    assertThat(certificates.load(GENUINE, "a")).isCompleted();
    assertThat(fetched).as("not again within 5 seconds").hasSize(2);

    now.set(NOW.plus(Duration.ofHours(25)).plusSeconds(6));
    assertThat(certificates.load(GENUINE, "a")).isCompleted();
    assertThat(fetched).hasSize(3);
  }

  @Test
  void a_failure_is_forgotten_before_sns_sends_again() {
    CompletableFuture<Void> first = certificates.load(GENUINE, "a");
    fail(0);
    assertThat(first).isCompletedExceptionally();
    now.set(NOW.plusSeconds(4));
    assertThat(certificates.load(GENUINE, "a")).isCompletedExceptionally();
    assertThat(fetched).hasSize(1);

    now.set(NOW.plusSeconds(20));
    assertThat(certificates.load(GENUINE, "a")).isNotDone();
    assertThat(fetched).hasSize(2);
  }

  @Test
  void names_that_do_not_exist_do_not_displace_a_certificate() throws IOException {
    loadGenuine();
    for (int i = 0; i < 400; i++) {
      var unused = certificates.load(url("x" + i), "b");
      fail(answers.size() - 1);
    }

    assertThat(certificates.find(GENUINE)).isNotNull();
  }

  @Test
  void a_topic_has_one_fetch_at_a_time_and_others_have_theirs() {
    List<CompletableFuture<Void>> ofOne = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ofOne.add(certificates.load(url("x" + i), "a"));
    }
    assertThat(fetched).containsExactly(url("x0"));
    assertThat(ofOne.stream().filter(CompletableFuture::isCompletedExceptionally)).hasSize(12);

    for (int i = 0; i < 4; i++) {
      assertThat(certificates.load(url("y" + i), "b" + i)).isNotDone();
    }
    assertThat(fetched).as("four in all").hasSize(4).doesNotContain(url("y3"));

    fail(0);
    assertThat(fetched).as("the next takes its turn").hasSize(5).contains(url("x1"));
  }

  @Test
  void requests_of_one_certificate_share_its_fetch() {
    assertThat(certificates.load(GENUINE, "a")).isNotDone();
    assertThat(certificates.load(GENUINE, "b")).isNotDone();

    assertThat(fetched).hasSize(1);
  }

  @Test
  void content_that_is_no_certificate_is_a_failure() {
    CompletableFuture<Void> loading = certificates.load(GENUINE, "a");
    answers.get(0).complete(new byte[] {1, 2, 3});

    assertThat(loading).isCompletedExceptionally();
    assertThat(certificates.find(GENUINE)).isNull();
  }
}
