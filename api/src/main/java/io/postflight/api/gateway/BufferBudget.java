package io.postflight.api.gateway;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of requests not yet answered may be held, all together. Connections are many and a
 * body may be megabytes: without one bound over all of them a slow Kafka would fill the heap.
 */
final class BufferBudget {
  /** What a request costs beside its body. */
  static final int OVERHEAD = 2048;

  private final long max;
  private final AtomicLong held = new AtomicLong();

  BufferBudget(long maxBytes) {
    this.max = maxBytes;
  }

  Share open() {
    return new Share();
  }

  long held() {
    return held.get();
  }

  /** One request's part. Not thread-safe but for {@link #close}, which comes last. */
  final class Share implements AutoCloseable {
    private final AtomicLong mine = new AtomicLong();

    /** Takes so many bytes more; false if there is no room for them. */
    boolean grow(long bytes) {
      if (held.addAndGet(bytes) > max) {
        held.addAndGet(-bytes);
        return false;
      }
      mine.addAndGet(bytes);
      return true;
    }

    /** Gives everything back; once. */
    @Override
    public void close() {
      held.addAndGet(-mine.getAndSet(0));
    }
  }
}
