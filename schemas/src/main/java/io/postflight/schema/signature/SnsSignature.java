package io.postflight.schema.signature;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Amazon SNS: a signature in the message, with a certificate that Amazon publishes. Since every
 * customer of Amazon can have SNS sign messages to any address, only those of the tenant's topics
 * are accepted: its secret {@code topicArn} is a topic, or several, separated by commas.
 *
 * <p>The message's time is not compared with that of arrival: it is the time of publication, and
 * SNS sends again for up to an hour, as the topic is set up. A repeated notification is a duplicate
 * of its events.
 */
public final class SnsSignature implements SignatureCheck {
  private static final String PROVIDER = "aws";
  private static final String HEADER = "x-amz-sns-message-type";
  private static final String SECRET = "topicArn";
  private static final String CONFIRMATION = "SubscriptionConfirmation";

  private final SnsCertificates certificates;

  SnsSignature(SnsCertificates certificates) {
    this.certificates = certificates;
  }

  /** A topic that asks this address to confirm its subscription. */
  public record Subscription(String topic, URI confirmation) {}

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    if (secrets.all(SECRET).isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(PROVIDER, SECRET), HEADER);
    }
    SnsMessage message = request.isGet() ? null : SnsMessage.parse(request.body());
    if (message == null) {
      return SignatureResult.refused(
          "the body is no message of SNS, and no access key of the tenant is given", HEADER);
    }
    if (!isTopic(message.topic(), secrets)) {
      return SignatureResult.refused("the topic is not the tenant's '" + SECRET + "'", HEADER);
    }
    Optional<URI> url = certificateUrl(message);
    if (url.isEmpty()) {
      return SignatureResult.refused(
          "the URL of the certificate is not one of SNS in the topic's region", HEADER);
    }
    X509Certificate certificate = certificates.find(url.get());
    if (certificate == null) {
      return SignatureResult.refused(
          "the certificate of SNS is not loaded, or is not valid now", HEADER);
    }
    return verifies(message, certificate)
        ? SignatureResult.accepted("the signature is valid", HEADER)
        : SignatureResult.refused("Signature does not match the message", HEADER);
  }

  /** Fetches the certificate of a message of the tenant's topics. */
  @Override
  public CompletableFuture<Void> prepare(SignedRequest request, ProviderSecrets secrets) {
    SnsMessage message = request.isGet() ? null : SnsMessage.parse(request.body());
    if (message == null || !isTopic(message.topic(), secrets)) {
      return CompletableFuture.completedFuture(null);
    }
    return certificateUrl(message)
        .map(url -> certificates.load(url, message.topic()))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** Whoever accepted the request: what it asks for is done only if Amazon has signed it. */
  @Override
  public CompletableFuture<Optional<Subscription>> subscription(
      SignedRequest request, ProviderSecrets secrets) {
    if (!CONFIRMATION.equals(request.header(HEADER))) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return prepare(request, secrets)
        .thenApply(
            ready ->
                check(request, secrets).accepted()
                    ? subscription(request)
                    : Optional.<Subscription>empty());
  }

  private static Optional<Subscription> subscription(SignedRequest verified) {
    SnsMessage message = SnsMessage.parse(verified.body());
    return message == null || !message.isSubscription()
        ? Optional.empty()
        : SnsCertificates.confirmationUrl(
                message.subscribeUrl(), region(message.topic()), message.topic())
            .map(url -> new Subscription(message.topic(), url));
  }

  private static boolean isTopic(String topic, ProviderSecrets secrets) {
    for (String topics : secrets.all(SECRET)) {
      for (String each : topics.split(",", -1)) {
        if (!topic.isEmpty() && each.strip().equals(topic)) {
          return true;
        }
      }
    }
    return false;
  }

  private static Optional<URI> certificateUrl(SnsMessage message) {
    return SnsCertificates.certificateUrl(message.certificateUrl(), region(message.topic()));
  }

  /** Of {@code arn:aws:sns:eu-west-1:123456789012:topic}; empty if it has another form. */
  private static String region(String topic) {
    String[] parts = topic.split(":", 6);
    return parts.length == 6 && parts[2].equals("sns") ? parts[3] : "";
  }

  private static boolean verifies(SnsMessage message, X509Certificate certificate) {
    String algorithm = message.algorithm();
    byte[] signature = Digests.base64(message.signature());
    if (algorithm == null || signature == null) {
      return false;
    }
    try {
      java.security.Signature check = java.security.Signature.getInstance(algorithm);
      check.initVerify(certificate.getPublicKey());
      check.update(message.signedText());
      return check.verify(signature);
    } catch (GeneralSecurityException invalid) {
      return false;
    }
  }

  /**
   * Amazon alone can sign.
   *
   * @throws IllegalArgumentException always
   */
  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    throw new IllegalArgumentException(
        "only Amazon can sign messages of SNS; set the secret 'accessKey' to send tests");
  }

  @Override
  public @Nullable String allowedInstead(String name, String value) {
    if (!name.equals(SECRET)) {
      return null;
    }
    for (String topic : value.split(",", -1)) {
      if (region(topic.strip()).isEmpty()) {
        return "ARNs of topics of SNS, separated by commas, such as"
            + " arn:aws:sns:eu-west-1:123456789012:messages";
      }
    }
    return null;
  }

  @Override
  public List<String> secretNames() {
    return List.of(SECRET);
  }

  /** None: the signature is in the body. */
  @Override
  public Set<String> evidence() {
    return Set.of();
  }
}
