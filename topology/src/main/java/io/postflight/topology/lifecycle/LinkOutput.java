package io.postflight.topology.lifecycle;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.Aliases;
import io.postflight.schema.identity.IdentityRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends what events say about the ids of their persons, once for each group of ids: later events
 * say nothing new. What was sent is remembered for the most recent groups only, since it does no
 * harm to send it again. A task that is closed, and whose transaction may be aborted, takes its
 * memory with it.
 */
final class LinkOutput {
  /** Groups of ids remembered, each of about 200 bytes. */
  private static final int REMEMBERED = 2_048;

  private final Outputs outputs;

  /** Earliest event_time sent, by the ids, epoch milliseconds. */
  private final Map<String, Long> sent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  LinkOutput(Outputs outputs) {
    this.outputs = outputs;
  }

  /**
   * Sends the links of an event if they are new.
   *
   * @param tier the tenant's present one, which needs the links too
   * @param owner the message's user, if the event names the same person by another id; null: no
   */
  void send(MessageEvent event, String tier, @Nullable String owner) {
    if (event.getAliases().isEmpty() && owner == null) {
      return;
    }
    IdentityRecord named = Aliases.named(event, owner);
    if (named == null) {
      return;
    }
    String ids = named.getTenant() + '|' + tier + named.getIds() + named.getFormerIds();
    Long before = sent.get(ids);
    if (before == null
        || named.getAt() < before
        || (!named.getFormerIds().isEmpty() && named.getAt() != before)) {
      sent.put(ids, named.getAt());
      outputs.links(named);
    }
  }

  /** Sends everything again that is named from now on. */
  void forget() {
    sent.clear();
  }
}
