package io.postflight.bench.load;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.devstack.simulator.ExpectedMessage;
import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.schema.signature.Signature;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignedRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Simulated webhooks, signed before the first is sent, since that is the provider's work. */
final class SignedWebhooks {
  /** About as many events has a message, those included that a round does not send any more. */
  private static final int EVENTS_PER_MESSAGE = 5;

  private SignedWebhooks() {}

  /**
   * A request.
   *
   * @param events number of valid events in it
   */
  record Request(RequestHeaders headers, HttpData body, int events) {}

  /** The requests of a round. */
  static List<Request> of(LoadRound round) {
    String url = "http://127.0.0.1:" + round.port();
    Simulation simulation = simulation(round);
    List<Request> requests = new ArrayList<>();
    long events = 0;
    while (events < round.events() && simulation.hasNext()) {
      SimulatedWebhook webhook = simulation.next();
      requests.add(request(url, webhook));
      events += webhook.events();
    }
    return requests;
  }

  /** The first messages of known users, most of which a round has sent. */
  static List<ExpectedMessage> firstMessages(LoadRound round, int most) {
    return simulation(round)
        .expectedMessages()
        .limit(Math.max(1, round.events() / EVENTS_PER_MESSAGE))
        .filter(message -> message.userId() != null)
        .limit(most)
        .toList();
  }

  private static Simulation simulation(LoadRound round) {
    return Simulation.of(BenchTenants.USUAL.simulation(round.seed(), round.events(), round.now()));
  }

  private static Request request(String url, SimulatedWebhook webhook) {
    Signature signature =
        SignatureChecks.sign(
            webhook.provider(),
            SignedRequest.post(
                url + "/webhooks/" + webhook.provider() + '/' + webhook.tenant(),
                Map.of("content-type", webhook.contentType()),
                webhook.body()),
            BenchTenants.secrets(webhook.provider()));
    Map<String, String> headers = new HashMap<>(webhook.headers());
    headers.putAll(signature.headers());
    URI target = URI.create(signature.url());
    String path = target.getRawPath();
    String query = target.getRawQuery();
    RequestHeadersBuilder builder =
        RequestHeaders.builder(HttpMethod.POST, query == null ? path : path + '?' + query)
            .add(HttpHeaderNames.CONTENT_TYPE, webhook.contentType());
    headers.forEach(builder::add);
    return new Request(builder.build(), HttpData.wrap(webhook.body()), webhook.events());
  }
}
