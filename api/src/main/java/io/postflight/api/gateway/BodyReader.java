package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.EventExecutor;
import io.postflight.api.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Collects a body while it stays within its limit and within the budget of all bodies, and until
 * its request is cancelled or times out: the answer to one that timed out may wait for its client
 * for long after.
 */
final class BodyReader implements Subscriber<HttpObject> {
  private final long maxBytes;
  private final BufferBudget.Share share;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final List<byte[]> chunks = new ArrayList<>(2);
  private int length;
  private @Nullable Subscription subscription;

  private BodyReader(long maxBytes, BufferBudget.Share share) {
    this.maxBytes = maxBytes;
    this.share = share;
  }

  /** The whole body, or a failure with the problem to answer. */
  static CompletableFuture<byte[]> read(
      ServiceRequestContext ctx, HttpRequest request, long maxBytes, BufferBudget.Share share) {
    EventExecutor executor = ctx.eventLoop();
    BodyReader reader = new BodyReader(maxBytes, share);
    if (!share.grow(BufferBudget.OVERHEAD)) {
      reader.body.completeExceptionally(overloaded());
    } else if (request.headers().contentLength() > maxBytes) {
      reader.body.completeExceptionally(Problem.tooLarge(maxBytes).asException());
    } else {
      share.arriving(() -> executor.execute(() -> reader.stop(tooSlow())));
      var unused =
          ctx.whenRequestCancelling()
              .thenAccept(cause -> executor.execute(() -> reader.onCancelled(cause)));
      request.subscribe(reader, executor);
    }
    return reader.body;
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
        stop(Problem.tooLarge(maxBytes).asException());
        return;
      }
      if (!share.grow(chunk.length)) {
        stop(overloaded());
        return;
      }
      chunks.add(chunk);
      length += chunk.length;
    }
    if (subscription != null) {
      subscription.request(1);
    }
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
    chunks.clear();
    body.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    if (body.isDone()) {
      return;
    }
    share.arrived();
    if (chunks.size() == 1) {
      body.complete(chunks.get(0));
      return;
    }
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] chunk : chunks) {
      System.arraycopy(chunk, 0, whole, at, chunk.length);
      at += chunk.length;
    }
    body.complete(whole);
  }

  private void stop(RuntimeException why) {
    chunks.clear();
    if (subscription != null) {
      subscription.cancel();
    }
    body.completeExceptionally(why);
  }

  private static RuntimeException tooSlow() {
    return Problem.unavailable("the body came too slowly while others were waiting; send it again")
        .asException();
  }

  private static RuntimeException overloaded() {
    return Problem.unavailable("too many bytes are waiting for Kafka").asException();
  }
}
