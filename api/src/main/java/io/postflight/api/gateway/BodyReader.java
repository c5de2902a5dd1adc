package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.EventExecutor;
import io.postflight.api.http.Problem;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Collects a body within its size limit and the shared buffer budget, until its request is
 * cancelled or times out: the response to a timed-out request may wait for its client much longer.
 */
final class BodyReader implements Subscriber<HttpObject> {
  private static final byte[] NOTHING = {};

  private final long maxBytes;
  private final BufferBudget.Share share;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();

  /** One buffer for all chunks: many tiny chunks would cost a multiple of their size. */
  private byte[] buffer = NOTHING;

  private int length;
  private boolean evictable;
  private @Nullable Subscription subscription;

  private BodyReader(long maxBytes, BufferBudget.Share share) {
    this.maxBytes = maxBytes;
    this.share = share;
  }

  /** Reads the whole body; fails with a problem. */
  static CompletableFuture<byte[]> read(
      ServiceRequestContext ctx, HttpRequest request, long maxBytes, BufferBudget.Share share) {
    EventExecutor executor = ctx.eventLoop().withoutContext();
    BodyReader reader = new BodyReader(maxBytes, share);
    if (!share.grow(BufferBudget.OVERHEAD)) {
      reader.body.completeExceptionally(overloaded());
    } else if (request.headers().contentLength() > maxBytes) {
      reader.body.completeExceptionally(Problem.tooLarge(maxBytes));
    } else {
      share.peer().afterRead(() -> reader.arriving(executor));
      var unused =
          ctx.whenRequestCancelling()
              .thenAccept(cause -> executor.execute(() -> reader.onCancelled(cause)));
      request.subscribe(reader, executor);
    }
    return reader.body;
  }

  /** Its body has not arrived with the request: it may be evicted. */
  private void arriving(EventExecutor executor) {
    if (!body.isDone()) {
      evictable = true;
      share.arriving(() -> executor.execute(() -> stop(tooSlow())));
    }
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(HttpObject object) {
    if (body.isDone()) {
      return;
    }
    if (object instanceof HttpData data && !data.isEmpty()) {
      byte[] chunk = data.array();
      if (length + (long) chunk.length > maxBytes) {
        stop(Problem.tooLarge(maxBytes));
        return;
      }
      if (!add(chunk)) {
        stop(overloaded());
        return;
      }
    }
    if (subscription != null) {
      subscription.request(1);
    }
  }

  /** False if the budget has no capacity for the larger buffer. */
  private boolean add(byte[] chunk) {
    int needed = length + chunk.length;
    if (needed > buffer.length) {
      int capacity =
          length == 0 ? needed : (int) Math.min(maxBytes, Math.max(needed, 2L * buffer.length));
      if (!share.grow(capacity - buffer.length)) {
        return false;
      }
      buffer = length == 0 ? chunk : Arrays.copyOf(buffer, capacity);
    }
    if (buffer != chunk) {
      System.arraycopy(chunk, 0, buffer, length, chunk.length);
    }
    length = needed;
    return true;
  }

  private void onCancelled(Throwable cause) {
    if (!body.isDone()) {
      if (subscription != null) {
        subscription.cancel();
      }
      onError(cause);
    }
  }

  @Override
  public void onError(Throwable cause) {
    buffer = NOTHING;
    body.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    if (body.isDone()) {
      return;
    }
    if (evictable) {
      share.arrived();
    }
    byte[] whole = buffer;
    if (length < buffer.length) {
      whole = Arrays.copyOf(buffer, length);
      share.shrink(buffer.length - length);
    }
    buffer = NOTHING;
    body.complete(whole);
  }

  private void stop(RuntimeException why) {
    buffer = NOTHING;
    if (subscription != null) {
      subscription.cancel();
    }
    body.completeExceptionally(why);
  }

  private static RuntimeException tooSlow() {
    return Problem.unavailable(
        "the body arrived too slowly while other requests were waiting; send it again");
  }

  private static RuntimeException overloaded() {
    return Problem.unavailable("too many bytes are waiting for Kafka");
  }
}
