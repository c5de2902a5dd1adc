package io.postflight.operations.doctor;

import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.tenant.Tenant;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;

/**
 * Is the public URL configured, if a provider signs URLs? Otherwise the sender determines it with
 * its Host header.
 */
final class SignedUrlCheck {
  private static final String CHECK = "tenants";
  private static final String SUBJECT = "gateway.publicUrl";
  private static final String ADVICE =
      "set gateway.publicUrl to the public URL in front of /webhooks";

  private final Doctor.GatewayExposure gateway;

  SignedUrlCheck(Doctor.GatewayExposure gateway) {
    this.gateway = gateway;
  }

  List<Finding> findings(Collection<Tenant> tenants) {
    List<String> concerned =
        tenants.stream().filter(gateway.signsUrl()).map(Tenant::getId).sorted().toList();
    if (concerned.isEmpty() || !gateway.senderNamesHost()) {
      return List.of();
    }
    String detail =
        ("is not set, and %d tenants (such as %s) have a secret for %s, which signs the request"
                + " URL")
            .formatted(
                concerned.size(),
                concerned.get(0),
                String.join(" or ", SignatureChecks.providers(SignatureCheck::coversUrl)));
    return List.of(
        isLoopback()
            ? Finding.warn(CHECK, SUBJECT, detail, ADVICE)
            : Finding.fail(CHECK, SUBJECT, detail, ADVICE));
  }

  /** Only processes of this machine can send there. */
  private boolean isLoopback() {
    try {
      return InetAddress.getByName(gateway.host()).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }
}
