package io.postflight.operations.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.operations.normalize.ComparedEvent.EventSide;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class SpilledEventsTest {
  private static final int EVENTS = 2_000;
  private static final Comparator<ComparedEvent> BY_ID =
      Comparator.comparing(event -> event.event().getMessageId());
  private static final Normalizer NORMALIZER = Normalizer.ofAllProviders();

  @Test
  void more_events_than_fit_into_memory_are_sorted_by_arrival_in_ranges_that_fit()
      throws Exception {
    Random random = new Random(1);
    List<ComparedEvent> all = new ArrayList<>();
    List<List<ComparedEvent>> ranges = new ArrayList<>();
    try (SpilledEvents spilled = new SpilledEvents(1_000)) {
      for (int i = 0; i < EVENTS; i++) {
        // Most events arrive in a short burst.
        long at = 1_760_000_000_000L + (i % 10 == 0 ? random.nextInt(1_000_000_000) : i % 7);
        ComparedEvent event = event("m" + i, at);
        all.add(event);
        spilled.add(event);
      }
      spilled.drain(ranges::add);
    }

    assertThat(ranges.stream().flatMap(List::stream).sorted(BY_ID).toList())
        .isEqualTo(all.stream().sorted(BY_ID).toList());
    assertThat(ranges.stream().filter(range -> !range.isEmpty()).toList())
        .hasSizeGreaterThan(100)
        .allSatisfy(
            range ->
                assertThat(
                        range.size() <= 8
                            || range.stream()
                                    .mapToLong(event -> event.event().getReceivedAt())
                                    .distinct()
                                    .count()
                                == 1)
                    .isTrue());
    long before = 0;
    for (List<ComparedEvent> range : ranges) {
      for (ComparedEvent event : range) {
        assertThat(event.event().getReceivedAt()).isGreaterThanOrEqualTo(before);
      }
      before =
          range.stream().mapToLong(event -> event.event().getReceivedAt()).max().orElse(before);
    }
  }

  @Test
  void nothing_is_one_empty_range() throws Exception {
    List<List<ComparedEvent>> ranges = new ArrayList<>();
    new SpilledEvents(1_000).drain(ranges::add);

    assertThat(ranges).containsExactly(List.of());
  }

  private static ComparedEvent event(String messageId, long at) {
    String body = "{\"messageId\":\"%s\",\"status\":\"SENT\"}".formatted(messageId);
    Outcome outcome =
        NORMALIZER
            .normalize(RawWebhook.of("events", "acme", at, body.getBytes(StandardCharsets.UTF_8)))
            .get(0);
    MessageEvent event = ((Outcome.Accepted) outcome).event();
    RecordHeaders headers = new RecordHeaders();
    headers.add(RawHeaders.TENANTS_VERSION, RawHeaders.number(at % 100));
    return new ComparedEvent(EventSide.PRESENT, event, headers);
  }
}
