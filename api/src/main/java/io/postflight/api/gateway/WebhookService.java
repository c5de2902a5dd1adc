package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.postflight.api.http.ApiMetric;
import io.postflight.api.http.Connections;
import io.postflight.api.http.Params;
import io.postflight.api.http.Problem;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.directory.TenantSnapshot;
import io.postflight.schema.signature.ProviderSecrets;
import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignedRequest;
import io.postflight.schema.signature.WhatsAppSignature;
import io.postflight.schema.tenant.Tenant;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /webhooks/{provider}/{tenant}}. Nothing is parsed before the signature over the raw bytes
 * is verified, and 200 is returned only after Kafka has acknowledged them.
 */
final class WebhookService implements HttpService {
  /** Header with the URL that a signature covers. */
  static final String SIGNED_URL = "signed-url";

  private static final String FIREHOSE_REQUEST = "x-amz-firehose-request-id";
  private static final Pattern FIREHOSE_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /** Parameters of Meta's verification. */
  private static final List<String> VERIFICATION =
      List.of("hub.mode", "hub.verify_token", "hub.challenge");

  private static final ResponseHeaders STORED =
      ResponseHeaders.builder(HttpStatus.OK).contentLength(0).build();

  private final TenantDirectory tenants;
  private final RawIntake intake;
  private final RequestUrl url;
  private final WebhookVerifier verifier;
  private final SnsSubscriptions subscriptions;
  private final MeterRegistry registry;
  private final Map<ProviderOutcome, Counter> counters = new ConcurrentHashMap<>();

  WebhookService(
      TenantDirectory tenants,
      RawIntake intake,
      RequestUrl url,
      WebhookVerifier verifier,
      SnsSubscriptions subscriptions,
      MeterRegistry registry) {
    this.tenants = tenants;
    this.intake = intake;
    this.url = url;
    this.verifier = verifier;
    this.subscriptions = subscriptions;
    this.registry = registry;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    TenantSnapshot snapshot = tenants.current();
    Optional<WebhookProvider> provider = verifier.provider(ctx.pathParam("provider"));
    Optional<Tenant> tenant = Optional.ofNullable(ctx.pathParam("tenant")).flatMap(snapshot::find);
    if (provider.isEmpty() || tenant.isEmpty()) {
      count("unknown", "unknown_address");
      throw Problem.notFound("there is no webhook at this path");
    }
    WebhookCall call =
        new WebhookCall(ctx, request, provider.get(), tenant.get(), snapshot.version());
    if (request.method() == HttpMethod.POST) {
      return answer(
          call,
          intake.storeBody(ctx, request, call.address(), (body, on) -> verify(call, body, on)));
    }
    if (request.method() == HttpMethod.GET) {
      WebhookProvider.OnGet onGet = call.provider().onGet();
      try {
        if (onGet == WebhookProvider.OnGet.VERIFICATION) {
          return verify(call);
        }
        if (onGet == WebhookProvider.OnGet.CALLBACK) {
          return answer(call, storeQuery(call));
        }
      } catch (Problem refused) {
        count(call.provider().name(), outcome(refused));
        throw refused;
      }
    }
    throw Problem.methodNotAllowed(request.method().name(), call.provider().allowedMethods());
  }

  /** Verifies the signature of a body and returns its evidence. */
  private CompletableFuture<Map<String, String>> verify(
      WebhookCall call, byte[] body, Executor on) {
    SignedRequest request = request(call, body);
    return verifier
        .verify(call.provider(), request, call.secrets(), on)
        .thenApply(
            evidence -> {
              Connections.authenticated(call.ctx(), call.tenant().getId());
              subscriptions.received(
                  call.provider().signature().subscription(request, call.secrets()),
                  call.tenant().getId());
              return evidence;
            });
  }

  private SignedRequest request(WebhookCall call, byte @Nullable [] body) {
    RequestHeaders headers = call.request().headers();
    return verifier.request(
        url.of(
            headers,
            call.target(),
            call.ctx().sessionProtocol().isTls(),
            Connections.peer(call.ctx()).address() == null),
        headers,
        body);
  }

  private CompletableFuture<Void> storeQuery(WebhookCall call) {
    String target = call.target();
    int mark = target.indexOf('?');
    String query = mark < 0 ? "" : target.substring(mark + 1);
    if (query.isEmpty()) {
      throw Problem.badRequest("the query string is empty");
    }
    SignatureCheck signature = call.provider().signature();
    Map<String, String> evidence =
        verifier.evidence(call.provider(), request(call, null), call.secrets());
    Connections.authenticated(call.ctx(), call.tenant().getId());
    return intake.storeQuery(
        call.ctx(),
        signature.storedQuery(query).getBytes(StandardCharsets.UTF_8),
        call.address(),
        evidence);
  }

  private HttpResponse verify(WebhookCall call) {
    QueryParams params = call.ctx().queryParams();
    VERIFICATION.forEach(name -> Params.requireOnce(params, name));
    String token = params.get("hub.verify_token", "");
    String challenge = params.get("hub.challenge", "");
    boolean asked = "subscribe".equals(params.get("hub.mode")) && !challenge.isEmpty();
    if (!asked || !new WhatsAppSignature().verifies(token, call.secrets())) {
      throw Problem.of(HttpStatus.FORBIDDEN, "the verify token does not match this tenant");
    }
    count(call.provider().name(), "verified");
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK).contentType(MediaType.PLAIN_TEXT_UTF_8).build(),
        HttpData.ofUtf8(challenge));
  }

  private HttpResponse answer(WebhookCall call, CompletionStage<Void> taken) {
    return HttpResponse.of(
        taken.handle(
            (done, failure) -> {
              if (failure == null) {
                count(call.provider().name(), "accepted");
                return stored(call);
              }
              Throwable cause = FutureFailures.unwrap(failure);
              count(call.provider().name(), outcome(cause));
              throw new CompletionException(cause);
            }));
  }

  /** Empty, but for Firehose: it repeats a batch unless the answer has the id of its request. */
  private HttpResponse stored(WebhookCall call) {
    String batch = call.request().headers().get(FIREHOSE_REQUEST);
    if (batch == null || !FIREHOSE_ID.matcher(batch).matches()) {
      return HttpResponse.of(STORED);
    }
    return HttpResponse.of(
        HttpStatus.OK,
        MediaType.JSON,
        "{\"requestId\":\"%s\",\"timestamp\":%d}".formatted(batch, verifier.now()));
  }

  private static String outcome(Throwable cause) {
    if (cause instanceof Problem expected) {
      return switch (expected.status().code()) {
        case 401 -> "unauthorized";
        case 403 -> "verification_refused";
        case 413 -> "too_large";
        case 503 -> "unavailable";
        default -> "refused";
      };
    }
    return "aborted";
  }

  private void count(String provider, String outcome) {
    counters
        .computeIfAbsent(
            new ProviderOutcome(provider, outcome),
            each ->
                ApiMetric.WEBHOOKS.counter(
                    registry, Tags.of("provider", each.provider(), "outcome", each.outcome())))
        .increment();
  }

  private record ProviderOutcome(String provider, String outcome) {}

  private record WebhookCall(
      ServiceRequestContext ctx,
      HttpRequest request,
      WebhookProvider provider,
      Tenant tenant,
      long tenantsVersion) {
    /** Path and query as received; the server's own form is normalized. */
    String target() {
      return ctx.routingContext().requestTarget().rawPath();
    }

    RawIntake.Address address() {
      return new RawIntake.Address(provider.name(), tenant.getId(), tenantsVersion);
    }

    ProviderSecrets secrets() {
      return ProviderSecrets.of(tenant, provider.name());
    }
  }
}
