package io.postflight.api;

import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.EventReader;
import io.postflight.store.LatestEvents;
import io.postflight.store.LatestQuery;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Page;
import io.postflight.store.StoreException;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose reads block until a gate opens or fails. */
class GatedReader implements EventReader {
  final CompletableFuture<Void> gate = new CompletableFuture<>();
  final AtomicInteger reads = new AtomicInteger();
  private final EventReader store;

  GatedReader(EventReader store) {
    this.store = store;
  }

  /** The rows of a store whose table of links cannot be read. */
  static GatedReader withoutLinks(EventReader store) {
    GatedReader reader =
        new GatedReader(store) {
          @Override
          public CompletionStage<List<AliasLink>> identity(String tenant, String alias) {
            return CompletableFuture.failedFuture(
                new StoreException(StoreException.Kind.TRANSIENT, "10.0.0.8 is down"));
          }
        };
    reader.gate.complete(null);
    return reader;
  }

  @Override
  public CompletionStage<Optional<MessageRevision>> message(String tenant, String messageId) {
    reads.incrementAndGet();
    return gate.thenCompose(open -> store.message(tenant, messageId));
  }

  @Override
  public CompletionStage<Page<TimelineItem>> timeline(TimelineQuery query) {
    reads.incrementAndGet();
    return gate.thenCompose(open -> store.timeline(query));
  }

  @Override
  public CompletionStage<LatestEvents> latest(LatestQuery query) {
    reads.incrementAndGet();
    return gate.thenCompose(open -> store.latest(query));
  }

  @Override
  public CompletionStage<Page<ListingItem>> listing(ListingQuery query) {
    reads.incrementAndGet();
    return gate.thenCompose(open -> store.listing(query));
  }

  /** Not counted: almost every read of a user's rows begins with one. */
  @Override
  public CompletionStage<List<AliasLink>> identity(String tenant, String alias) {
    return gate.thenCompose(open -> store.identity(tenant, alias));
  }
}
