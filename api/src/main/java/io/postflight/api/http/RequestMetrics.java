package io.postflight.api.http;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts and times the requests of services with a name. Meters are kept by service and status: to
 * look them up in the registry by their tags would cost more than to record all of them.
 */
final class RequestMetrics {
  private final MeterRegistry registry;
  private final Map<String, OfService> services = new ConcurrentHashMap<>();

  RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts a request until it is complete; nothing if its service has no name. */
  void begin(ServiceRequestContext ctx) {
    String name = ctx.config().defaultLogName();
    if (name != null) {
      services.computeIfAbsent(name, of -> new OfService(registry, of, ctx.config())).begin();
    }
  }

  /** Records a complete request. */
  void end(ServiceRequestContext ctx, RequestLog log) {
    String name = ctx.config().defaultLogName();
    OfService service = name == null ? null : services.get(name);
    if (service != null) {
      service.end(ctx, log);
    }
  }

  private static final class OfService {
    private final MeterRegistry registry;
    private final Tags tags;
    private final LongAdder active = new LongAdder();
    private final Map<HttpStatus, OfStatus> statuses = new ConcurrentHashMap<>();

    OfService(MeterRegistry registry, String name, ServiceConfig config) {
      this.registry = registry;
      this.tags =
          Tags.of(
              "service",
              name,
              "method",
              name,
              "hostname.pattern",
              config.virtualHost().hostnamePattern());
      ApiMetric.HTTP_ACTIVE_REQUESTS.gauge(registry, tags, active::sum);
    }

    void begin() {
      active.increment();
    }

    void end(ServiceRequestContext ctx, RequestLog log) {
      active.decrement();
      statuses
          .computeIfAbsent(
              log.responseHeaders().status(),
              status -> new OfStatus(registry, tags.and("http.status", status.codeAsText())))
          .record(log, ctx.config().successFunction().isSuccess(ctx, log));
    }
  }

  private static final class OfStatus {
    private final Counter success;
    private final Counter failure;
    private final Counter timeouts;
    private final Timer requestDuration;
    private final DistributionSummary requestLength;
    private final Timer responseDuration;
    private final DistributionSummary responseLength;
    private final Timer totalDuration;

    OfStatus(MeterRegistry registry, Tags tags) {
      success = ApiMetric.HTTP_REQUESTS.counter(registry, tags.and("result", "success"));
      failure = ApiMetric.HTTP_REQUESTS.counter(registry, tags.and("result", "failure"));
      timeouts =
          ApiMetric.HTTP_TIMEOUTS.counter(registry, tags.and("cause", "RequestTimeoutException"));
      requestDuration = ApiMetric.HTTP_REQUEST_DURATION.timer(registry, tags);
      requestLength = ApiMetric.HTTP_REQUEST_LENGTH.summary(registry, tags);
      responseDuration = ApiMetric.HTTP_RESPONSE_DURATION.timer(registry, tags);
      responseLength = ApiMetric.HTTP_RESPONSE_LENGTH.summary(registry, tags);
      totalDuration = ApiMetric.HTTP_TOTAL_DURATION.timer(registry, tags);
    }

    void record(RequestLog log, boolean isSuccess) {
      (isSuccess ? success : failure).increment();
      if (log.responseCause() instanceof RequestTimeoutException) {
        timeouts.increment();
      }
      if (log.isRequestComplete()) {
        requestDuration.record(log.requestDurationNanos(), TimeUnit.NANOSECONDS);
        requestLength.record((double) log.requestLength());
      }
      responseDuration.record(log.responseDurationNanos(), TimeUnit.NANOSECONDS);
      responseLength.record((double) log.responseLength());
      totalDuration.record(log.totalDurationNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
