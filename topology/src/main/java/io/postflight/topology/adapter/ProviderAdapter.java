package io.postflight.topology.adapter;

import java.io.IOException;
import java.util.List;

/**
 * Parses the webhooks of one provider. Adapters are stateless and thread-safe.
 *
 * <p>An adapter returns every entry of a body, valid or not, in the order of the body. An invalid
 * entry is rejected by its draft ({@link EventDraft#reject}); an invalid body causes an exception.
 */
public interface ProviderAdapter {
  /** The adapters of all supported providers: a new one is registered here. */
  static List<ProviderAdapter> all() {
    JsonBodies json = new JsonBodies();
    return List.of(
        new WhatsAppAdapter(json),
        new WhatsAppOnPremAdapter(json),
        new WasenderAdapter(json),
        new TwilioAdapter(json),
        new VonageAdapter(json),
        new InfobipAdapter(json),
        new SinchAdapter(json),
        new MessageBirdAdapter(json),
        new SendGridAdapter(json),
        new AwsAdapter(json),
        new FireTextAdapter(),
        new StandardAdapter(json),
        new EventsAdapter(json));
  }

  /** Name of the provider, as in the webhook URL. */
  String provider();

  /**
   * Parses a body.
   *
   * @param payload valid UTF-8
   * @param entries receives the entries
   * @throws IOException if the body does not have the provider's format (an exception of the JSON
   *     parser, or {@link MalformedBodyException}); entries added before are then discarded
   */
  void read(Payload payload, Entries entries) throws IOException;
}
