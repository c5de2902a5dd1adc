package io.postflight.api;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.EventEraser;
import io.postflight.store.EventReader;
import io.postflight.store.EventStore;
import io.postflight.store.LatestEvents;
import io.postflight.store.LatestQuery;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Page;
import io.postflight.store.Row;
import io.postflight.store.Tier;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import io.postflight.store.WriteResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A store whose reads and erasures are those of others; it refuses writes. */
record TestStore(Tier tier, EventReader reader, EventEraser eraser) implements EventStore {
  static TestStore reading(Tier tier, EventReader reader) {
    return new TestStore(tier, reader, new ScriptedEraser(0));
  }

  /** Reads a store, and erases elsewhere. */
  static TestStore erasing(EventStore store, EventEraser eraser) {
    return new TestStore(store.tier(), store, eraser);
  }

  @Override
  public CompletionStage<Optional<MessageRevision>> message(String tenant, String messageId) {
    return reader.message(tenant, messageId);
  }

  @Override
  public CompletionStage<Page<TimelineItem>> timeline(TimelineQuery query) {
    return reader.timeline(query);
  }

  @Override
  public CompletionStage<LatestEvents> latest(LatestQuery query) {
    return reader.latest(query);
  }

  @Override
  public CompletionStage<Page<ListingItem>> listing(ListingQuery query) {
    return reader.listing(query);
  }

  @Override
  public CompletionStage<List<AliasLink>> identity(String tenant, String alias) {
    return reader.identity(tenant, alias);
  }

  @Override
  public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    return eraser.erase(command, timestampMicros);
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition) {
    throw new UnsupportedOperationException("the API writes no rows");
  }

  @Override
  public CompletionStage<Void> probe() {
    throw new UnsupportedOperationException("the API sends no canary");
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
