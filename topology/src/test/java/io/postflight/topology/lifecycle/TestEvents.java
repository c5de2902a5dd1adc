package io.postflight.topology.lifecycle;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builder of events of one message. */
record TestEvents(
    String id,
    Status status,
    long time,
    long receivedAt,
    EventTimeSource source,
    @Nullable String user,
    @Nullable String body) {

  static TestEvents event(Status status, long time) {
    return new TestEvents(
        status + "@" + time, status, time, time + 50, EventTimeSource.PROVIDER, "u1", null);
  }

  TestEvents id(String other) {
    return new TestEvents(other, status, time, receivedAt, source, user, body);
  }

  TestEvents user(@Nullable String other) {
    return new TestEvents(id, status, time, receivedAt, source, other, body);
  }

  TestEvents body(String other) {
    return new TestEvents(id, status, time, receivedAt, source, user, other);
  }

  TestEvents receivedAt(long other) {
    return new TestEvents(id, status, time, other, source, user, body);
  }

  /** As from a provider that sends no time. */
  TestEvents arrivedAt(long arrival) {
    return new TestEvents(id, status, arrival, arrival, EventTimeSource.ARRIVAL, user, body);
  }

  /** As from a provider whose time is far ahead of the gateway's clock. */
  TestEvents clampedTo(long arrival) {
    return new TestEvents(id, status, arrival, arrival, EventTimeSource.CLAMPED, user, body);
  }

  MessageEvent build() {
    return new MessageEvent(
        "acme",
        "m1",
        id,
        user,
        "message." + status.name().toLowerCase(Locale.ROOT),
        "whatsapp",
        "WHATSAPP",
        Direction.OUTBOUND,
        status,
        null,
        time,
        source,
        receivedAt,
        status == Status.FAILED ? new EventError("131047", null, null) : null,
        null,
        null,
        user,
        body,
        Map.of(),
        null);
  }
}
