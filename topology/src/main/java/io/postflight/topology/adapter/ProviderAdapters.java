package io.postflight.topology.adapter;

import java.util.List;

/** The supported providers: a new adapter is registered here. */
public final class ProviderAdapters {
  private ProviderAdapters() {}

  /** One adapter per provider. */
  public static List<ProviderAdapter> all() {
    JsonBodies json = new JsonBodies();
    return List.of(
        new WhatsAppAdapter(json),
        new WasenderAdapter(json),
        new TwilioAdapter(json),
        new EventsAdapter(json));
  }
}
