package io.postflight.devstack.simulator;

import io.postflight.devstack.simulator.SimulatedEvent.Failure;
import io.postflight.devstack.simulator.SimulatedEvent.SimulatedSubject;
import io.postflight.schema.event.Status;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Twilio: a form for each status, without a time, sometimes without the recipient. */
final class TwilioEncoder implements PayloadEncoder {
  static final TwilioEncoder INSTANCE = new TwilioEncoder();

  private static final String OWN_NUMBER = "+15005550006";

  private TwilioEncoder() {}

  @Override
  public boolean supportsBatches() {
    return false;
  }

  @Override
  public String contentType() {
    return SimulatedWebhook.FORM;
  }

  @Override
  public Map<String, String> headers(SimulatedEvent first) {
    return Map.of("User-Agent", "TwilioProxy/1.1");
  }

  @Override
  public byte[] encode(List<SimulatedEvent> events) {
    SimulatedEvent event = events.get(0);
    SimulatedSubject subject = event.subject();
    String prefix = subject.channel().equals("WHATSAPP") ? "whatsapp:" : "";
    boolean inbound = event.status() == Status.RECEIVED;
    Map<String, String> form = new LinkedHashMap<>();
    form.put("MessageSid", subject.messageId());
    form.put("AccountSid", "AC" + "0".repeat(31) + subject.tenant().length() % 10);
    form.put("ApiVersion", "2010-04-01");
    if (inbound) {
      form.put("SmsStatus", event.providerStatus());
      form.put("From", prefix + '+' + subject.user());
      form.put("To", prefix + OWN_NUMBER);
      form.put("Body", "Thank you & see you, " + subject.number() % 100);
      form.put("NumMedia", "0");
    } else {
      form.put("SmsStatus", event.providerStatus());
      form.put("MessageStatus", event.providerStatus());
      form.put("From", prefix + OWN_NUMBER);
      if (event.namesUser()) {
        form.put("To", prefix + '+' + subject.user());
      }
    }
    Failure failure = event.failure();
    if (failure != null) {
      form.put("ErrorCode", failure.code());
      form.put("ErrorMessage", failure.title());
    }
    return encoded(form).getBytes(StandardCharsets.US_ASCII);
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(
            field ->
                field.getKey() + '=' + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
