package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.topology.lifecycle.LifecycleProcessor;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The guarantee that a crash neither loses nor duplicates a completion: of the lifecycle between a
 * changelog write and the output, and of the normalizer between its events and the commit of their
 * webhooks. Only changelog records after the last checkpoint of the state on disk are read again.
 *
 * <p>Under at_least_once it would be lost: the state already contains the completing event, so when
 * the event is read again, it is a duplicate without output.
 */
class NoCompletionIsLostTest {
  private static final int MESSAGES = 20;
  private static final int OLDER = 100;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void after_a_crash_between_changelog_and_output(boolean onTheSameDisk) throws Exception {
    try (RealPipeline pipeline = new RealPipeline("crash", SharedServers.registry().url())) {
      long checkpoint = checkpoint(pipeline);
      for (int i = 0; i < MESSAGES; i++) {
        pipeline.status("m" + i, "u" + i, "SENT");
        pipeline.status("m" + i, "u" + i, "DELIVERED");
      }
      pipeline.flush();

      crash(pipeline, 0);
      assertThat(temporary(pipeline)).isDirectoryNotContaining("glob:**rocksdb*");
      assertThat(pipeline.postflight()).as("no output before the crash").isEmpty();

      long changelog = changelog(pipeline);
      Path disk = onTheSameDisk ? pipeline.stateDir : SharedServers.newDirectory("other");
      try (TopologyRole role = pipeline.start(pipeline.settings(LifecycleRules.DEFAULT, disk))) {
        await()
            .atMost(Duration.ofSeconds(90))
            .untilAsserted(() -> assertThat(pipeline.postflight()).hasSize(MESSAGES));
        assertThat(role.healthy()).isTrue();
      }
      if (onTheSameDisk) {
        assertThat(pipeline.restored()).isLessThanOrEqualTo(changelog - checkpoint);
      } else {
        assertThat(pipeline.restored()).isGreaterThanOrEqualTo(checkpoint).isPositive();
      }
      assertThat(pipeline.postflight())
          .extracting(MessageRevision::getMessageId)
          .doesNotHaveDuplicates();
      List<TierRecord> completions =
          pipeline.tier().stream()
              .filter(record -> record.getMessage() != null)
              .filter(record -> record.getMessage().getListedAt() != null)
              .toList();
      assertThat(completions)
          .extracting(record -> Objects.requireNonNull(record.getMessage()).getMessageId())
          .doesNotHaveDuplicates()
          .hasSize(MESSAGES);
    }
  }

  @Test
  void after_a_crash_between_events_and_the_commit_of_their_webhooks() throws Exception {
    try (RealPipeline pipeline = new RealPipeline("repeat", SharedServers.registry().url())) {
      pipeline.webhook(0, System.currentTimeMillis(), "no json");
      List<String> messages = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        messages.add("m" + i);
      }
      messages.add(HaltingSerializer.LAST);
      for (String message : messages) {
        pipeline.webhook(
            0,
            System.currentTimeMillis(),
            "{\"messageId\":\"%s\",\"userId\":\"u1\",\"status\":\"DELIVERED\"}".formatted(message));
      }
      pipeline.flush();

      crash(pipeline, MESSAGES);
      long crashed = System.currentTimeMillis();
      try (TopologyRole role =
          pipeline.start(pipeline.settings(LifecycleRules.DEFAULT, pipeline.stateDir))) {
        await().atMost(Duration.ofSeconds(90)).until(() -> role.caughtUpAsOf() > crashed);
        assertThat(role.healthy()).isTrue();
      }
      assertThat(pipeline.read(pipeline.topics.events())).hasSize(2 * MESSAGES + 1);
      assertThat(pipeline.postflight())
          .extracting(MessageRevision::getMessageId)
          .containsExactlyInAnyOrderElementsOf(messages);
      assertThat(pipeline.read(pipeline.topics.deadLetters()))
          .as("the dead letter is repeated too, with the same source")
          .extracting(deadLetter -> source(deadLetter.headers()))
          .hasSize(2)
          .containsOnly(pipeline.topics.rawWebhooks() + " 0 0");
    }
  }

  private static String source(Headers headers) {
    return Stream.of(
            DeadLetterHeaders.SOURCE_TOPIC,
            DeadLetterHeaders.SOURCE_PARTITION,
            DeadLetterHeaders.SOURCE_OFFSET)
        .map(name -> new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8))
        .collect(Collectors.joining(" "));
  }

  /** The temporary directory of the process that crashes. */
  private static Path temporary(RealPipeline pipeline) {
    return pipeline.stateDir.resolve("tmp");
  }

  /** Runs an instance that shuts down cleanly; returns the number of its changelog records. */
  private static long checkpoint(RealPipeline pipeline) throws Exception {
    for (int i = 0; i < OLDER; i++) {
      pipeline.status("older" + i, "u" + i, "SENT");
    }
    pipeline.flush();
    try (TopologyRole role =
        pipeline.start(pipeline.settings(LifecycleRules.DEFAULT, pipeline.stateDir))) {
      await().atMost(Duration.ofSeconds(90)).until(() -> pipeline.tier().size() >= OLDER);
      assertThat(role.healthy()).isTrue();
    }
    return changelog(pipeline);
  }

  private static long changelog(RealPipeline pipeline) {
    String application = pipeline.topics.prefix() + "postflight-topology-";
    return Stream.of(LifecycleProcessor.LIFECYCLES, LifecycleProcessor.DEADLINES)
        .mapToLong(store -> pipeline.read(application + store + "-changelog").size())
        .sum();
  }

  private static void crash(RealPipeline pipeline, int events) throws Exception {
    Process instance = crashing(pipeline, events);
    try {
      assertThat(instance.waitFor(120, TimeUnit.SECONDS)).as("the instance has ended").isTrue();
    } finally {
      instance.destroyForcibly();
    }
    assertThat(instance.exitValue()).isEqualTo(HaltingSerializer.EXIT_CODE);
  }

  private static Process crashing(RealPipeline pipeline, int events) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + Files.createDirectory(temporary(pipeline)),
            "-cp",
            System.getProperty("java.class.path"),
            CrashingInstance.class.getName(),
            pipeline.topics.prefix(),
            pipeline.servers,
            pipeline.registryUrl,
            pipeline.stateDir.toString(),
            Integer.toString(events))
        .redirectErrorStream(true)
        .redirectOutput(new File(pipeline.stateDir.toFile(), "crashing.log"))
        .start();
  }
}
