package io.postflight.topology.adapter;

import java.io.IOException;

/**
 * Reads what one provider sends. Adapters are stateless and may be used by several threads.
 *
 * <p>An adapter gives every entry of a body, good or bad, in the order of the body. What spoils one
 * entry is said on its draft ({@link EventDraft#reject}); what spoils the whole body is thrown.
 */
public interface ProviderAdapter {
  /** Name of the provider as in the webhook's address. */
  String provider();

  /**
   * Reads a body.
   *
   * @param payload the bytes and how they came; valid UTF-8 without a byte order mark
   * @param entries takes the entries found
   * @throws IOException if the bytes are not what the provider sends (a JSON parser's exception, or
   *     {@link MalformedBodyException}); no entry given before counts then
   */
  void read(Payload payload, Entries entries) throws IOException;
}
