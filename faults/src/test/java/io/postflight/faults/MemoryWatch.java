package io.postflight.faults;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** Peak heap of this JVM after garbage collections while it is open. */
final class MemoryWatch implements AutoCloseable {
  private static final long MEBI = 1024 * 1024;

  private final AtomicLong peak = new AtomicLong();
  private final NotificationListener listener =
      (notification, unused) -> {
        if (notification
            .getType()
            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
          see(
              GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
                  .getGcInfo()
                  .getMemoryUsageAfterGc()
                  .entrySet()
                  .stream()
                  .filter(pool -> HEAP_POOLS.matcher(pool.getKey()).find())
                  .mapToLong(pool -> pool.getValue().getUsed())
                  .sum());
        }
      };

  private static final java.util.regex.Pattern HEAP_POOLS =
      java.util.regex.Pattern.compile("Eden|Survivor|Tenured|Old");

  private MemoryWatch() {
    collectors().forEach(each -> each.addNotificationListener(listener, null, null));
  }

  /** Starts with a collection, to exclude earlier garbage. */
  static MemoryWatch start() {
    System.gc();
    return new MemoryWatch();
  }

  /** The peak so far, mebibytes, after a final collection. */
  long peakMebibytes() {
    System.gc();
    MemoryUsage now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    see(now.getUsed());
    return peak.get() / MEBI;
  }

  @Override
  public void close() {
    collectors()
        .forEach(
            each -> {
              try {
                each.removeNotificationListener(listener);
              } catch (ListenerNotFoundException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private void see(long used) {
    peak.accumulateAndGet(used, Math::max);
  }

  private static java.util.stream.Stream<NotificationEmitter> collectors() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .map(GarbageCollectorMXBean.class::cast)
        .map(NotificationEmitter.class::cast);
  }
}
