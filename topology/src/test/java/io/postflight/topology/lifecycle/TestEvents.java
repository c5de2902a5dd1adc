package io.postflight.topology.lifecycle;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import java.util.List;
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
    @Nullable String body,
    @Nullable String providerStatus) {

  static TestEvents event(Status status, long time) {
    return new TestEvents(
        status + "@" + time, status, time, time + 50, EventTimeSource.PROVIDER, "u1", null, null);
  }

  /** An annotation that gives the message another text. */
  static TestEvents edit(long time, String body) {
    return event(Status.ANNOTATION, time).id("edit@" + time + body).body(body).word(Edits.EDIT);
  }

  /** An annotation that withdraws the message. */
  static TestEvents revocation(long time) {
    return event(Status.ANNOTATION, time).id("revoke@" + time).word(Edits.REVOKE);
  }

  /** With another status of the provider. */
  TestEvents word(@Nullable String other) {
    return new TestEvents(id, status, time, receivedAt, source, user, body, other);
  }

  TestEvents id(String other) {
    return new TestEvents(other, status, time, receivedAt, source, user, body, providerStatus);
  }

  TestEvents user(@Nullable String other) {
    return new TestEvents(id, status, time, receivedAt, source, other, body, providerStatus);
  }

  TestEvents body(String other) {
    return new TestEvents(id, status, time, receivedAt, source, user, other, providerStatus);
  }

  TestEvents receivedAt(long other) {
    return new TestEvents(id, status, time, other, source, user, body, providerStatus);
  }

  /** As from a provider that sends no time. */
  TestEvents arrivedAt(long arrival) {
    return new TestEvents(
        id, status, arrival, arrival, EventTimeSource.ARRIVAL, user, body, providerStatus);
  }

  /** As from a provider whose time is far ahead of the gateway's clock. */
  TestEvents clampedTo(long arrival) {
    return new TestEvents(
        id, status, arrival, arrival, EventTimeSource.CLAMPED, user, body, providerStatus);
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
        providerStatus,
        time,
        source,
        receivedAt,
        status == Status.FAILED ? new EventError("131047", null, null) : null,
        null,
        null,
        user,
        body,
        Map.of(),
        null,
        List.of(),
        List.of());
  }
}
