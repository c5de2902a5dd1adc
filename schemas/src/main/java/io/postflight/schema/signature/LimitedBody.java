package io.postflight.schema.signature;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer with status 200, up to a limit of bytes; every other answer is a failure,
 * and is read no further.
 */
final class LimitedBody implements HttpResponse.BodySubscriber<byte[]> {
  private final int status;
  private final int maxBytes;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private volatile Flow.@Nullable Subscription subscription;

  LimitedBody(int status, int maxBytes) {
    this.status = status;
    this.maxBytes = maxBytes;
    var unused = body.whenComplete((read, failure) -> cancelIfFailed());
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (body.isDone()) {
      cancelIfFailed();
    } else if (status == 200) {
      given.request(Long.MAX_VALUE);
    } else {
      body.completeExceptionally(new IOException("the answer has status " + status));
    }
  }

  private void cancelIfFailed() {
    Flow.Subscription given = subscription;
    if (given != null && body.isCompletedExceptionally()) {
      given.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (bytes.size() + buffer.remaining() > maxBytes) {
        body.completeExceptionally(
            new IOException("the answer is larger than " + maxBytes + " bytes"));
        return;
      }
      byte[] part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.write(part, 0, part.length);
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(bytes.toByteArray());
  }
}
