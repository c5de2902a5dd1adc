package io.postflight.topology.adapter;

import io.postflight.schema.event.Status;
import java.io.IOException;
import java.util.Map;

/**
 * Twilio: callbacks as encoded forms, and Event Streams as arrays of CloudEvents. The format is
 * determined by the content type, else by the first character.
 */
final class TwilioAdapter implements ProviderAdapter {
  /** Both formats use the same names, in different case. */
  static final StatusNames STATUSES =
      new StatusNames(
          Map.ofEntries(
              Map.entry("accepted", Status.ACCEPTED),
              Map.entry("scheduled", Status.ACCEPTED),
              Map.entry("pending", Status.ACCEPTED),
              Map.entry("queued", Status.QUEUED),
              Map.entry("sending", Status.SENDING),
              Map.entry("sent", Status.SENT),
              Map.entry("delivered", Status.DELIVERED),
              Map.entry("read", Status.READ),
              Map.entry("undelivered", Status.FAILED),
              Map.entry("failed", Status.FAILED),
              Map.entry("canceled", Status.CANCELED),
              Map.entry("receiving", Status.RECEIVED),
              Map.entry("received", Status.RECEIVED),
              Map.entry("partially_delivered", Status.ANNOTATION)));

  private final TwilioForms forms = new TwilioForms();
  private final TwilioEventStreams streams;

  TwilioAdapter(JsonBodies json) {
    this.streams = new TwilioEventStreams(json);
  }

  @Override
  public String provider() {
    return "twilio";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    if (payload.json()) {
      streams.read(payload, entries);
    } else {
      entries.add(forms.read(FormBody.read(payload)));
    }
  }
}
