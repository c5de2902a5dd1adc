package io.postflight.topology.adapter;

import java.io.IOException;

/**
 * Postflight's own JSON from a sender that signs it as Standard Webhooks. Only the signature, which
 * the gateway verifies, and the provider's name differ from {@code events}.
 */
final class StandardAdapter implements ProviderAdapter {
  private final EventsAdapter events;

  StandardAdapter(JsonBodies json) {
    this.events = new EventsAdapter(json);
  }

  @Override
  public String provider() {
    return "standard";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    events.read(payload, entries);
  }
}
